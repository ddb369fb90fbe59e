import { Module } from '@nestjs/common';
import { CreationsModule } from '../creations/creations.module';
import { MetricsModule } from '../metrics/metrics.module';
import { OutboxModule } from '../outbox/outbox.module';
import { EvaluationsHandler } from './evaluations.handler';
import { EvaluationsRepository } from './evaluations.repository';
import { EvaluationsResolver } from './evaluations.resolver';
import { EvaluationsService } from './evaluations.service';

@Module({
  imports: [CreationsModule, MetricsModule, OutboxModule],
  controllers: [EvaluationsHandler],
  providers: [EvaluationsService, EvaluationsRepository, EvaluationsResolver],
  exports: [EvaluationsService, EvaluationsRepository],
})
export class EvaluationsModule {}
