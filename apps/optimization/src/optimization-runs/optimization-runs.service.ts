import type {
  OptimizationJobV1,
  OptimizationOrderV1,
  OptimizationOutcomeV1,
  OptimizationProgressV1,
  OptimizationTaskV1,
  OptimizerV1,
} from '@dspy-nest/contracts';
import type { RequestContext } from '@dspy-nest/platform';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { OptimizationEntity } from '../optimizations/optimization.entity';
import { StepQueue } from '../optimization-steps/step-queue';
import { OptimizationFinishedError } from '../optimizations/optimizations.errors';
import { OptimizationsRepository } from '../optimizations/optimizations.repository';
import { OptimizationsService } from '../optimizations/optimizations.service';
import { OptimizationOutbox } from '../outbox/optimization-outbox';
import { GivenExamples } from './given-examples.service';
import { OptimizationReportsRepository } from '../optimization-reports/optimization-reports.repository';
import { runOrder, type ToldRun } from './run-order';
import { begunBy, endedBy, progressedBy } from './run-report';

/** Runs as the workers that hold them see the service: it gives the task, takes what is told, and says what is to become of a run. */
@Injectable()
export class OptimizationRuns {
  constructor(
    private readonly service: OptimizationsService,
    private readonly optimizations: OptimizationsRepository,
    private readonly examples: GivenExamples,
    private readonly reports: OptimizationReportsRepository,
    private readonly outbox: OptimizationOutbox,
    private readonly queue: StepQueue,
  ) {}

  /** What there is to do, without any example of the split test. Throws OptimizationNotFoundError, OptimizationFinishedError. */
  async task(ctx: RequestContext, { optimizationId, epoch }: OptimizationJobV1): Promise<OptimizationTaskV1> {
    const row = await this.service.find(ctx, optimizationId);
    if (row.finishedAt !== null || row.status === 'judging' || row.epoch !== epoch)
      throw new OptimizationFinishedError(row.id, row.status);
    const { programId, program, version, programHash, modelId, modelVersion, format } = row;
    return {
      optimizationId,
      epoch,
      programId,
      program,
      version,
      programHash,
      modelId,
      modelVersion,
      format,
      optimizer: { name: row.optimizer, settings: row.settings } as OptimizerV1,
      metric: { ...row.definition },
      ...(await this.examples.of(row)),
      seed: row.seed,
      threads: row.threads,
      limits: row.limits,
      maxRetries: row.maxRetries,
    };
  }

  /** Takes what is new of a run, once however often it is told, and answers what is to become of it. */
  async progress(ctx: RequestContext, told: OptimizationProgressV1): Promise<OptimizationOrderV1> {
    return this.holding(ctx, told, async (manager, held) => {
      const order = runOrder(held, told);
      if (order === 'drop') return { order };
      const now = new Date();
      const begun = begunBy(held, told, now);
      if (begun.attempt !== undefined) await this.optimizations.change(manager, held, begun, 'started');
      const change = progressedBy(held, told, now);
      await this.reports.add(manager, held, told);
      const hasFound = change.trials !== undefined || change.bestTrial !== undefined;
      if (Object.keys(change).length > 0)
        await this.optimizations.change(manager, held, change, hasFound ? 'progressed' : undefined);
      return { order };
    });
  }

  /** Takes the end of a run, if it is that of the attempt that counts. */
  async complete(ctx: RequestContext, told: OptimizationOutcomeV1): Promise<void> {
    await this.holding(ctx, told, async (manager, held) => {
      if (runOrder(held, told) === 'drop') return { order: 'drop' };
      const now = new Date();
      // A run that fails before it told anything, or a worker whose first word was lost.
      const begun = begunBy(held, { ...told, trials: [], messages: [] }, now);
      const change = { ...begun, ...endedBy(told, now) };
      const verb = change.status === 'failed' || change.status === 'completed' ? change.status : undefined;
      await this.optimizations.change(manager, held, change, verb);
      if (held.step !== null) this.queue.schedule(held, held.step);
      return { order: 'drop' };
    });
  }

  private async holding(
    ctx: RequestContext,
    { optimizationId }: ToldRun & { optimizationId: string },
    work: (manager: EntityManager, held: OptimizationEntity) => Promise<OptimizationOrderV1>,
  ): Promise<OptimizationOrderV1> {
    return this.outbox.transaction(ctx, async (manager) => {
      const held = await this.optimizations.lock(manager, { tenant: ctx.tenant, id: optimizationId });
      return held === null ? { order: 'drop' } : work(manager, held);
    });
  }
}
