import { Module } from '@nestjs/common';
import { EvaluationsModule } from '../evaluations/evaluations.module';
import { OutboxModule } from '../outbox/outbox.module';
import { BatchesClient } from './batches.client';
import { EvaluationExamplesRepository } from './evaluation-examples.repository';
import { EvaluationLeasesRepository } from './evaluation-leases.repository';
import { EvaluationRunner } from './evaluation-runner.service';
import { EvaluationSteps } from './evaluation-steps.service';

@Module({
  imports: [EvaluationsModule, OutboxModule],
  providers: [
    BatchesClient,
    EvaluationExamplesRepository,
    EvaluationLeasesRepository,
    EvaluationRunner,
    EvaluationSteps,
  ],
})
export class EvaluationRunsModule {}
