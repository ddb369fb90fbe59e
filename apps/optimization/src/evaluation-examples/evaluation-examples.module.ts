import { Module } from '@nestjs/common';
import { DatasetsClient } from './datasets.client';
import { EvaluationExamplesRepository } from './evaluation-examples.repository';
import { EvaluationExamplesService } from './evaluation-examples.service';

@Module({
  providers: [DatasetsClient, EvaluationExamplesRepository, EvaluationExamplesService],
  exports: [DatasetsClient, EvaluationExamplesRepository, EvaluationExamplesService],
})
export class EvaluationExamplesModule {}
