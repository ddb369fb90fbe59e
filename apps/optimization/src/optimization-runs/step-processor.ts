import { RecurringTask, type Logger } from '@dspy-nest/platform';
import { OnQueueFailed, Process, Processor } from '@nestjs/bull';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Job } from 'bull';
import { LOGGER } from '../logger.token';
import { STEP_QUEUE, StepQueue, type StepJob } from '../optimization-steps/step-queue';
import { OptimizationsRepository } from '../optimizations/optimizations.repository';
import { OptimizationSteps } from './optimization-steps.service';

const CONCURRENCY = 4;
const LOOK_EVERY_MS = 2_000;

/** Takes steps from their queue, which tries again what failed; and puts those back that Redis lost, or never got. */
@Processor(STEP_QUEUE)
@Injectable()
export class StepProcessor implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly looks = new RecurringTask(
    () => this.look(),
    LOOK_EVERY_MS,
    (err) => this.logger.error({ err }, 'Optimisations could not be looked after; the next look tries again.'),
  );

  constructor(
    private readonly steps: OptimizationSteps,
    private readonly queue: StepQueue,
    private readonly optimizations: OptimizationsRepository,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.looks.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.looks.stop();
  }

  @Process({ concurrency: CONCURRENCY })
  async take({ data }: Job<StepJob>): Promise<void> {
    await this.steps.run(data);
  }

  @OnQueueFailed()
  tell({ data, attemptsMade }: Job<StepJob>, err: Error): void {
    const fields = { err, optimizationId: data.id, step: data.step, attempt: attemptsMade };
    this.logger.warn(fields, 'A step of an optimisation failed; it is tried again.');
  }

  private async look(): Promise<void> {
    for (const { step, ...key } of await this.optimizations.due()) this.queue.schedule(key, step);
  }
}
