import { Module } from '@nestjs/common';
import { EvaluationExamplesModule } from '../evaluation-examples/evaluation-examples.module';
import { EvaluationsModule } from '../evaluations/evaluations.module';
import { OutboxModule } from '../outbox/outbox.module';
import { BatchesClient } from './batches.client';
import { EvaluationLeasesRepository } from './evaluation-leases.repository';
import { EvaluationRunner } from './evaluation-runner.service';
import { EvaluationSteps } from './evaluation-steps.service';

@Module({
  imports: [EvaluationExamplesModule, EvaluationsModule, OutboxModule],
  providers: [BatchesClient, EvaluationLeasesRepository, EvaluationRunner, EvaluationSteps],
})
export class EvaluationRunsModule {}
