import { Module } from '@nestjs/common';
import { CreationsModule } from '../creations/creations.module';
import { EvaluationExamplesModule } from '../evaluation-examples/evaluation-examples.module';
import { EvaluationsModule } from '../evaluations/evaluations.module';
import { StepQueueModule } from '../optimization-steps/step-queue.module';
import { OutboxModule } from '../outbox/outbox.module';
import { IngredientsService } from './ingredients.service';
import { OptimizationsHandler } from './optimizations.handler';
import { OptimizationsRepository } from './optimizations.repository';
import { OptimizationsService } from './optimizations.service';

@Module({
  imports: [CreationsModule, EvaluationExamplesModule, EvaluationsModule, OutboxModule, StepQueueModule],
  controllers: [OptimizationsHandler],
  providers: [IngredientsService, OptimizationsService, OptimizationsRepository],
  exports: [OptimizationsService, OptimizationsRepository],
})
export class OptimizationsModule {}
