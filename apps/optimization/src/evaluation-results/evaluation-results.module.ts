import { Module } from '@nestjs/common';
import { EvaluationsModule } from '../evaluations/evaluations.module';
import { EvaluationResultsHandler } from './evaluation-results.handler';
import { EvaluationResultsRepository } from './evaluation-results.repository';
import { EvaluationResultsService } from './evaluation-results.service';

@Module({
  imports: [EvaluationsModule],
  controllers: [EvaluationResultsHandler],
  providers: [EvaluationResultsRepository, EvaluationResultsService],
})
export class EvaluationResultsModule {}
