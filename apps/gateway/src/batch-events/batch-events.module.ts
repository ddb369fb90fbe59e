import { Module } from '@nestjs/common';
import { BatchesModule } from '../batches/batches.module';
import { EventsModule } from '../events/events.module';
import { BatchEvents } from './batch-events.service';

@Module({ imports: [BatchesModule, EventsModule], providers: [BatchEvents], exports: [BatchEvents] })
export class BatchEventsModule {}
