import { Module } from '@nestjs/common';
import { CreationsModule } from '../creations/creations.module';
import { EvaluationExamplesModule } from '../evaluation-examples/evaluation-examples.module';
import { JudgesModule } from '../judges/judges.module';
import { MetricsModule } from '../metrics/metrics.module';
import { OutboxModule } from '../outbox/outbox.module';
import { EvaluatedService } from './evaluated.service';
import { EvaluationsHandler } from './evaluations.handler';
import { EvaluationsRepository } from './evaluations.repository';
import { EvaluationsResolver } from './evaluations.resolver';
import { EvaluationsService } from './evaluations.service';

@Module({
  imports: [CreationsModule, EvaluationExamplesModule, JudgesModule, MetricsModule, OutboxModule],
  controllers: [EvaluationsHandler],
  providers: [EvaluatedService, EvaluationsService, EvaluationsRepository, EvaluationsResolver],
  exports: [EvaluatedService, EvaluationsService, EvaluationsRepository],
})
export class EvaluationsModule {}
