import { Module } from '@nestjs/common';
import { BatchesModule } from '../batches/batches.module';
import { BatchEvents } from './batch-events.service';
import { BatchWatch } from './batch-watch';

@Module({ imports: [BatchesModule], providers: [BatchWatch, BatchEvents], exports: [BatchEvents] })
export class BatchEventsModule {}
