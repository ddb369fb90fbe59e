import { Module } from '@nestjs/common';
import { ExecutionsClient } from './executions.client';
import { ExecutionsController } from './executions.controller';

@Module({
  controllers: [ExecutionsController],
  providers: [ExecutionsClient],
  exports: [ExecutionsClient],
})
export class ExecutionsModule {}
