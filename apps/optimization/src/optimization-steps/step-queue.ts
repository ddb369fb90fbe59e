import type { Logger } from '@dspy-nest/platform';
import { InjectQueue } from '@nestjs/bull';
import { Inject, Injectable } from '@nestjs/common';
import type { Queue } from 'bull';
import { LOGGER } from '../logger.token';

export const STEP_QUEUE = 'optimization-steps';

/**
 * What the service itself does for an optimisation: it reads the examples and hands the run to the fleet; then it keeps the candidate,
 * has it evaluated and judges it, or gives up the evaluations of one that was cancelled.
 */
export type OptimizationStep = 'prepare' | 'launch' | 'store' | 'evaluate' | 'judge' | 'abandon';

/** One short step of one optimisation, as it lies in the queue. */
export interface StepJob {
  readonly tenant: string;
  readonly id: string;
  readonly step: OptimizationStep;
}

const ATTEMPTS = 8;
const BACKOFF_MS = 250;

/** The queue of the short steps of optimisations. What is lost of it, the table of optimisations knows. */
@Injectable()
export class StepQueue {
  constructor(
    @InjectQueue(STEP_QUEUE) private readonly queue: Queue<StepJob>,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    // What a lost connection means is told where a step is scheduled; Bull connects again by itself.
    queue.on('error', () => undefined);
  }

  /** Has a step done soon; one that is scheduled already is not scheduled again. Never rejects or waits. */
  schedule({ tenant, id }: Pick<StepJob, 'tenant' | 'id'>, step: OptimizationStep): void {
    const job: StepJob = { tenant, id, step };
    const options = { jobId: `${id}/${step}`, attempts: ATTEMPTS, backoff: BACKOFF_OPTIONS };
    this.queue.add(job, { ...options, removeOnComplete: true, removeOnFail: true }).catch((err: unknown) => {
      this.logger.warn({ err, optimizationId: id, step }, 'A step could not be scheduled; the next look tries again.');
    });
  }
}

const BACKOFF_OPTIONS = { type: 'exponential', delay: BACKOFF_MS } as const;
