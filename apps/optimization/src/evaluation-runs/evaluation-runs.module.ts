import { Module } from '@nestjs/common';
import { BatchesModule } from '../batches/batches.module';
import { EvaluationExamplesModule } from '../evaluation-examples/evaluation-examples.module';
import { EvaluationJudgingModule } from '../evaluation-judging/evaluation-judging.module';
import { EvaluationsModule } from '../evaluations/evaluations.module';
import { OutboxModule } from '../outbox/outbox.module';
import { EvaluationLeasesRepository } from './evaluation-leases.repository';
import { EvaluationRunner } from './evaluation-runner.service';
import { EvaluationSteps } from './evaluation-steps.service';

@Module({
  imports: [BatchesModule, EvaluationExamplesModule, EvaluationJudgingModule, EvaluationsModule, OutboxModule],
  providers: [EvaluationLeasesRepository, EvaluationRunner, EvaluationSteps],
})
export class EvaluationRunsModule {}
