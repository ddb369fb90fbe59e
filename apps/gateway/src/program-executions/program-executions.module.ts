import { Module } from '@nestjs/common';
import { ExecutionEventsModule } from '../execution-events/execution-events.module';
import { ExecutionsModule } from '../executions/executions.module';
import { StreamsModule } from '../streams/streams.module';
import { ProgramExecutionsController } from './program-executions.controller';

@Module({
  imports: [ExecutionsModule, ExecutionEventsModule, StreamsModule],
  controllers: [ProgramExecutionsController],
})
export class ProgramExecutionsModule {}
