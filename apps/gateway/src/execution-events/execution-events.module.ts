import { Module } from '@nestjs/common';
import { ExecutionsModule } from '../executions/executions.module';
import { StreamsModule } from '../streams/streams.module';
import { ExecutionEventsController } from './execution-events.controller';
import { ExecutionEvents } from './execution-events.service';
import { ExecutionWatch } from './execution-watch';
import { StreamedRuns } from './streamed-runs';

@Module({
  imports: [ExecutionsModule, StreamsModule],
  controllers: [ExecutionEventsController],
  providers: [ExecutionWatch, ExecutionEvents, StreamedRuns],
  exports: [ExecutionEvents, StreamedRuns],
})
export class ExecutionEventsModule {}
