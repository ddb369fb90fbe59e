import { optimizationJobSubject, type OptimizationJobV1 } from '@dspy-nest/contracts';
import { JobQueue } from '@dspy-nest/messaging';
import { AppError, cloudEvent, newContext, toWireError, type RequestContext } from '@dspy-nest/platform';
import { Injectable } from '@nestjs/common';
import { GuardSteps } from '../optimization-guard/guard-steps.service';
import { StepQueue, type OptimizationStep, type StepJob } from '../optimization-steps/step-queue';
import type { OptimizationEntity } from '../optimizations/optimization.entity';
import { OptimizationsRepository } from '../optimizations/optimizations.repository';
import { OptimizationOutbox, SCHEMA } from '../outbox/optimization-outbox';
import { GivenExamples } from './given-examples.service';

const POOL = 'default';

type Change = Partial<OptimizationEntity>;

/** Does a step, and resolves to what it changes; null if it cannot be done yet. */
type Step = (ctx: RequestContext, row: OptimizationEntity) => Promise<Change | null>;

/** Does the short steps of optimisations. Each may be done twice, after a crash or by two replicas: what is done twice counts once. */
@Injectable()
export class OptimizationSteps {
  private readonly steps: Record<OptimizationStep, Step>;

  constructor(
    private readonly optimizations: OptimizationsRepository,
    private readonly examples: GivenExamples,
    private readonly jobs: JobQueue,
    private readonly outbox: OptimizationOutbox,
    private readonly queue: StepQueue,
    guard: GuardSteps,
  ) {
    this.steps = {
      prepare: (ctx, row) => this.prepare(ctx, row),
      launch: (ctx, row) => this.launch(ctx, row),
      store: (ctx, row) => guard.store(ctx, row),
      evaluate: (ctx, row) => guard.evaluate(ctx, row),
      judge: (ctx, row) => guard.judge(ctx, row),
      abandon: (ctx, row) => guard.abandon(ctx, row),
    };
  }

  /** Does a step if it is the next. Rejects with what may go well later; what never will ends the optimisation. */
  async run({ step, ...key }: StepJob): Promise<void> {
    const row = await this.optimizations.find(key);
    if (row?.step !== step) return;
    const ctx = newContext(row.tenant, row.traceparent);
    try {
      const change = await this.steps[step](ctx, row);
      if (change !== null) await this.advance(ctx, row, step, change);
    } catch (error) {
      const mayGoWell = !(error instanceof AppError) || toWireError(error).retryable;
      if (mayGoWell) throw error;
      await this.advance(ctx, row, step, failedBy(error));
    }
  }

  /** Copies the examples that the optimiser is given, so that whatever becomes of the dataset the run can be begun anew. */
  private async prepare(ctx: RequestContext, row: OptimizationEntity): Promise<Change> {
    await this.examples.take(ctx, row);
    return { step: 'launch' };
  }

  /** Publishes the job by which a worker takes the run. Published twice it is one job, or the second finds the run begun. */
  private async launch(ctx: RequestContext, row: OptimizationEntity): Promise<Change> {
    const job: OptimizationJobV1 = { optimizationId: row.id, epoch: row.epoch };
    const id = `${row.id}:${row.epoch}`;
    const event = cloudEvent(ctx, { id, source: SCHEMA, type: 'optimization.run.v1', subject: row.id, data: job });
    await this.jobs.publish(optimizationJobSubject(POOL, row.id), id, JSON.stringify(event));
    return { step: null };
  }

  /** Writes what a step changed, unless the optimisation has moved on without it. */
  private async advance(
    ctx: RequestContext,
    row: OptimizationEntity,
    from: OptimizationStep,
    change: Change,
  ): Promise<void> {
    const isDone = await this.outbox.transaction(ctx, async (manager) => {
      const held = await this.optimizations.lock(manager, row);
      if (held?.step !== from) return false;
      await this.optimizations.change(manager, held, change, verbOf(from, change));
      return true;
    });
    const next = change.step ?? null;
    if (isDone && next !== null) this.queue.schedule(row, next);
  }
}

function failedBy(error: unknown): Change {
  return { status: 'failed', step: null, error: toWireError(error), finishedAt: new Date() };
}

function verbOf(step: OptimizationStep, { status }: Change): 'judging' | 'completed' | 'failed' | undefined {
  if (status === 'failed' || status === 'completed') return status;
  return step === 'evaluate' ? 'judging' : undefined;
}
