import { Module } from '@nestjs/common';
import { DatasetImportsModule } from '../dataset-imports/dataset-imports.module';
import { ExecutionsModule } from '../executions/executions.module';
import { FeedbackModule } from '../feedback/feedback.module';
import { ExecutionExamplesController } from './execution-examples.controller';

@Module({
  imports: [DatasetImportsModule, ExecutionsModule, FeedbackModule],
  controllers: [ExecutionExamplesController],
})
export class ExecutionExamplesModule {}
