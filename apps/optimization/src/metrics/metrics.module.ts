import { Module } from '@nestjs/common';
import { CreationsModule } from '../creations/creations.module';
import { JudgesModule } from '../judges/judges.module';
import { OutboxModule } from '../outbox/outbox.module';
import { MetricsHandler } from './metrics.handler';
import { MetricsRepository } from './metrics.repository';
import { MetricsResolver } from './metrics.resolver';
import { MetricsService } from './metrics.service';

@Module({
  imports: [OutboxModule, CreationsModule, JudgesModule],
  controllers: [MetricsHandler],
  providers: [MetricsService, MetricsRepository, MetricsResolver],
  exports: [MetricsService],
})
export class MetricsModule {}
