import { Module } from '@nestjs/common';
import { OptimizationsModule } from '../optimizations/optimizations.module';
import { EventsModule } from '../events/events.module';
import { StreamsModule } from '../streams/streams.module';
import { OptimizationEventsController } from './optimization-events.controller';
import { OptimizationEvents } from './optimization-events.service';

@Module({
  imports: [OptimizationsModule, EventsModule, StreamsModule],
  controllers: [OptimizationEventsController],
  providers: [OptimizationEvents],
  exports: [OptimizationEvents],
})
export class OptimizationEventsModule {}
