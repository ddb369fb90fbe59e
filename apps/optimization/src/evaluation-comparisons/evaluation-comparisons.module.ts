import { Module } from '@nestjs/common';
import { EvaluationsModule } from '../evaluations/evaluations.module';
import { EvaluationComparisonsHandler } from './evaluation-comparisons.handler';
import { EvaluationComparisonsRepository } from './evaluation-comparisons.repository';
import { EvaluationComparisonsResolver } from './evaluation-comparisons.resolver';
import { EvaluationComparisonsService } from './evaluation-comparisons.service';

@Module({
  imports: [EvaluationsModule],
  controllers: [EvaluationComparisonsHandler],
  providers: [EvaluationComparisonsRepository, EvaluationComparisonsResolver, EvaluationComparisonsService],
  exports: [EvaluationComparisonsService],
})
export class EvaluationComparisonsModule {}
