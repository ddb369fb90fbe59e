import { Module } from '@nestjs/common';
import { EvaluationComparisonsModule } from '../evaluation-comparisons/evaluation-comparisons.module';
import { EvaluationsModule } from '../evaluations/evaluations.module';
import { OptimizationsModule } from '../optimizations/optimizations.module';
import { GuardSteps } from './guard-steps.service';

@Module({
  imports: [EvaluationsModule, EvaluationComparisonsModule, OptimizationsModule],
  providers: [GuardSteps],
  exports: [GuardSteps],
})
export class OptimizationGuardModule {}
