import { Module } from '@nestjs/common';
import { EvaluationExamplesModule } from '../evaluation-examples/evaluation-examples.module';
import { OptimizationGuardModule } from '../optimization-guard/optimization-guard.module';
import { OptimizationReportsModule } from '../optimization-reports/optimization-reports.module';
import { StepQueueModule } from '../optimization-steps/step-queue.module';
import { OptimizationsModule } from '../optimizations/optimizations.module';
import { OutboxModule } from '../outbox/outbox.module';
import { GivenExamples } from './given-examples.service';
import { OptimizationExamplesRepository } from './optimization-examples.repository';
import { OptimizationRunsHandler } from './optimization-runs.handler';
import { OptimizationRuns } from './optimization-runs.service';
import { OptimizationSteps } from './optimization-steps.service';
import { StepProcessor } from './step-processor';

@Module({
  imports: [
    EvaluationExamplesModule,
    OptimizationGuardModule,
    OptimizationsModule,
    OptimizationReportsModule,
    OutboxModule,
    StepQueueModule,
  ],
  controllers: [OptimizationRunsHandler],
  providers: [GivenExamples, OptimizationExamplesRepository, OptimizationRuns, OptimizationSteps, StepProcessor],
})
export class OptimizationRunsModule {}
