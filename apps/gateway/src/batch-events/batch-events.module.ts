import { Module } from '@nestjs/common';
import { BatchesModule } from '../batches/batches.module';
import { EventsModule } from '../events/events.module';
import { StreamsModule } from '../streams/streams.module';
import { BatchEventsController } from './batch-events.controller';
import { BatchEvents } from './batch-events.service';

@Module({
  imports: [BatchesModule, EventsModule, StreamsModule],
  controllers: [BatchEventsController],
  providers: [BatchEvents],
  exports: [BatchEvents],
})
export class BatchEventsModule {}
