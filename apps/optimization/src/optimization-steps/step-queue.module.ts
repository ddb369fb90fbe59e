import { BullModule } from '@nestjs/bull';
import { Module } from '@nestjs/common';
import { STEP_QUEUE, StepQueue } from './step-queue';

@Module({
  imports: [BullModule.registerQueue({ name: STEP_QUEUE, settings: { maxStalledCount: 1 } })],
  providers: [StepQueue],
  exports: [StepQueue],
})
export class StepQueueModule {}
