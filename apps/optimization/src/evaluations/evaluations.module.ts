import { Module } from '@nestjs/common';
import { CreationsModule } from '../creations/creations.module';
import { EvaluationExamplesModule } from '../evaluation-examples/evaluation-examples.module';
import { MetricsModule } from '../metrics/metrics.module';
import { OutboxModule } from '../outbox/outbox.module';
import { EvaluationsHandler } from './evaluations.handler';
import { EvaluationsRepository } from './evaluations.repository';
import { EvaluationsResolver } from './evaluations.resolver';
import { EvaluationsService } from './evaluations.service';

@Module({
  imports: [CreationsModule, EvaluationExamplesModule, MetricsModule, OutboxModule],
  controllers: [EvaluationsHandler],
  providers: [EvaluationsService, EvaluationsRepository, EvaluationsResolver],
  exports: [EvaluationsService, EvaluationsRepository],
})
export class EvaluationsModule {}
