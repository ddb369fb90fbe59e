import { optimizationJobSubject, type OptimizationJobV1 } from '@dspy-nest/contracts';
import { JobQueue } from '@dspy-nest/messaging';
import { AppError, cloudEvent, newContext, toWireError, type RequestContext } from '@dspy-nest/platform';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { StepQueue, type StepJob } from '../optimization-steps/step-queue';
import type { OptimizationEntity } from '../optimizations/optimization.entity';
import { OptimizationsRepository } from '../optimizations/optimizations.repository';
import { OptimizationOutbox, SCHEMA } from '../outbox/optimization-outbox';
import { GivenExamples } from './given-examples.service';

const POOL = 'default';

/** Does the short steps of optimisations. Each may be done twice, after a crash or by two replicas: what is done twice counts once. */
@Injectable()
export class OptimizationSteps {
  constructor(
    private readonly optimizations: OptimizationsRepository,
    private readonly examples: GivenExamples,
    private readonly jobs: JobQueue,
    private readonly outbox: OptimizationOutbox,
    private readonly queue: StepQueue,
  ) {}

  /** Does a step if it is the next. Rejects with what may go well later; what never will ends the optimisation. */
  async run({ step, ...key }: StepJob): Promise<void> {
    const row = await this.optimizations.find(key);
    if (row?.step !== step) return;
    const ctx = newContext(row.tenant, row.traceparent);
    try {
      await (step === 'prepare' ? this.prepare(ctx, row) : this.launch(ctx, row));
    } catch (error) {
      const mayGoWell = !(error instanceof AppError) || toWireError(error).retryable;
      if (mayGoWell) throw error;
      await this.fail(ctx, row, error);
    }
  }

  /** Copies the examples that the optimiser is given, so that whatever becomes of the dataset the run can be begun anew. */
  private async prepare(ctx: RequestContext, row: OptimizationEntity): Promise<void> {
    await this.examples.take(ctx, row);
    await this.advance(ctx, row, 'prepare', { step: 'launch' });
    this.queue.schedule(row, 'launch');
  }

  /** Publishes the job by which a worker takes the run. Published twice it is one job, or the second finds the run begun. */
  private async launch(ctx: RequestContext, row: OptimizationEntity): Promise<void> {
    const job: OptimizationJobV1 = { optimizationId: row.id, epoch: row.epoch };
    const id = `${row.id}:${row.epoch}`;
    const event = cloudEvent(ctx, { id, source: SCHEMA, type: 'optimization.run.v1', subject: row.id, data: job });
    await this.jobs.publish(optimizationJobSubject(POOL, row.id), id, JSON.stringify(event));
    await this.advance(ctx, row, 'launch', { step: null });
  }

  private fail(ctx: RequestContext, row: OptimizationEntity, error: unknown): Promise<void> {
    return this.holding(ctx, row, async (manager, held) => {
      const change = { status: 'failed', step: null, error: toWireError(error), finishedAt: new Date() } as const;
      await this.optimizations.change(manager, held, change, 'failed');
    });
  }

  private advance(
    ctx: RequestContext,
    row: OptimizationEntity,
    from: StepJob['step'],
    change: Pick<OptimizationEntity, 'step'>,
  ): Promise<void> {
    return this.holding(ctx, row, async (manager, held) => {
      if (held.step === from) await this.optimizations.change(manager, held, change);
    });
  }

  private async holding(
    ctx: RequestContext,
    row: OptimizationEntity,
    work: (manager: EntityManager, held: OptimizationEntity) => Promise<void>,
  ): Promise<void> {
    await this.outbox.transaction(ctx, async (manager) => {
      const held = await this.optimizations.lock(manager, row);
      if (held !== null && held.finishedAt === null) await work(manager, held);
    });
  }
}
