import { Module } from '@nestjs/common';
import { BatchesModule } from '../batches/batches.module';
import { EvaluationExamplesModule } from '../evaluation-examples/evaluation-examples.module';
import { JudgesModule } from '../judges/judges.module';
import { EvaluationJudging } from './evaluation-judging.service';

@Module({
  imports: [BatchesModule, EvaluationExamplesModule, JudgesModule],
  providers: [EvaluationJudging],
  exports: [EvaluationJudging],
})
export class EvaluationJudgingModule {}
