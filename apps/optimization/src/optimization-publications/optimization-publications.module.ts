import { Module } from '@nestjs/common';
import { OptimizationsModule } from '../optimizations/optimizations.module';
import { OutboxModule } from '../outbox/outbox.module';
import { OptimizationPublicationsHandler } from './optimization-publications.handler';
import { OptimizationPublications } from './optimization-publications.service';

@Module({
  imports: [OptimizationsModule, OutboxModule],
  controllers: [OptimizationPublicationsHandler],
  providers: [OptimizationPublications],
  exports: [OptimizationPublications],
})
export class OptimizationPublicationsModule {}
