import { Module } from '@nestjs/common';
import { ExecutionRepeatsController } from './execution-repeats.controller';
import { ExecutionsClient } from './executions.client';
import { ExecutionsController } from './executions.controller';

@Module({
  controllers: [ExecutionsController, ExecutionRepeatsController],
  providers: [ExecutionsClient],
  exports: [ExecutionsClient],
})
export class ExecutionsModule {}
