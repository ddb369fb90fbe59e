import { Module } from '@nestjs/common';
import { ExecutionsClient } from './executions.client';
import { ExecutionsController } from './executions.controller';
import { ProgramExecutionsController } from './program-executions.controller';

@Module({
  controllers: [ProgramExecutionsController, ExecutionsController],
  providers: [ExecutionsClient],
  exports: [ExecutionsClient],
})
export class ExecutionsModule {}
