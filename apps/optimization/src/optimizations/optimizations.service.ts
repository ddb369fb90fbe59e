import {
  EVALUATION_LEVEL_DEFAULT,
  OPTIMIZATION_THREADS_DEFAULT,
  SIGNALS,
  type OptimizationCreateV1,
  type OptimizationOrderedSignalV1,
  type OptimizationV1,
  type PageRequest,
} from '@dspy-nest/contracts';
import { SignalBus } from '@dspy-nest/messaging';
import type { ListPage } from '@dspy-nest/persistence';
import { checkStorable, isUuid, type RequestContext } from '@dspy-nest/platform';
import { Injectable } from '@nestjs/common';
import { CreationsService } from '../creations/creations.service';
import { StepQueue } from '../optimization-steps/step-queue';
import { OptimizationOutbox } from '../outbox/optimization-outbox';
import { IngredientsService, type Ingredients } from './ingredients.service';
import { toOptimization, type OptimizationEntity } from './optimization.entity';
import { OptimizationFinishedError, OptimizationNotFoundError } from './optimizations.errors';
import { OptimizationsRepository } from './optimizations.repository';
import { NO_USAGE } from './usage';

/** Optimisations as callers order, read and end them. */
@Injectable()
export class OptimizationsService {
  constructor(
    private readonly optimizations: OptimizationsRepository,
    private readonly ingredients: IngredientsService,
    private readonly signals: SignalBus,
    private readonly creations: CreationsService,
    private readonly outbox: OptimizationOutbox,
    private readonly steps: StepQueue,
  ) {}

  /**
   * Accepts an optimisation, once for a key; it is run from then on. Throws MetricNotFoundError, NotEvaluableError,
   * NotOptimizableError, ValidationFailedError, and the registry's errors on program, dataset and model.
   */
  async create(ctx: RequestContext, request: OptimizationCreateV1): Promise<OptimizationV1> {
    checkStorable({ name: request.name });
    const ingredients = await this.ingredients.pin(ctx, request);
    const made = await this.creations.once(ctx, { entity: 'optimization', request }, async (manager, id) => {
      const row = { ...newOptimization(ctx, request), ...ingredients, id };
      await this.optimizations.insert(manager, row);
      return toOptimization(row);
    });
    this.steps.schedule({ tenant: ctx.tenant, id: made.id }, 'prepare');
    return made;
  }

  /** One optimisation as it stands. Throws OptimizationNotFoundError. */
  async get(ctx: RequestContext, id: string): Promise<OptimizationV1> {
    return toOptimization(await this.find(ctx, id));
  }

  /** A page of optimisations. */
  async list({ tenant }: RequestContext, request: PageRequest): Promise<ListPage<OptimizationV1>> {
    const page = await this.optimizations.list(tenant, request);
    return { ...page, items: page.items.map(toOptimization) };
  }

  /** Has the run end now with the best candidate until then. Throws OptimizationNotFoundError, OptimizationFinishedError. */
  stop(ctx: RequestContext, id: string): Promise<OptimizationV1> {
    return this.end(ctx, id, (held) => {
      if (held.status !== 'queued' && held.status !== 'running') throw new OptimizationFinishedError(id, held.status);
      return { status: 'stopping' };
    });
  }

  /** Ends an optimisation at once; what it found is not used. Throws OptimizationNotFoundError, OptimizationFinishedError. */
  cancel(ctx: RequestContext, id: string): Promise<OptimizationV1> {
    return this.end(ctx, id, (held) => {
      if (held.finishedAt !== null) throw new OptimizationFinishedError(id, held.status);
      const step = held.guard === null ? null : 'abandon';
      return { status: 'cancelled', step, finishedAt: new Date() };
    });
  }

  /** The row of an optimisation. Throws OptimizationNotFoundError. */
  async find({ tenant }: RequestContext, id: string): Promise<OptimizationEntity> {
    const row = isUuid(id) ? await this.optimizations.find({ tenant, id }) : null;
    if (row === null) throw new OptimizationNotFoundError(id);
    return row;
  }

  private async end(
    ctx: RequestContext,
    id: string,
    decide: (held: OptimizationEntity) => Partial<OptimizationEntity>,
  ): Promise<OptimizationV1> {
    const { tenant } = await this.find(ctx, id);
    const ended = await this.outbox.transaction(ctx, async (manager) => {
      const held = await this.optimizations.lock(manager, { tenant, id });
      if (held === null) throw new OptimizationNotFoundError(id);
      const change = decide(held);
      const verb = change.status === 'cancelled' ? 'cancelled' : 'progressed';
      return toOptimization(await this.optimizations.change(manager, held, change, verb));
    });
    this.signals.publish(SIGNALS.optimizationOrdered, { optimizationId: id } satisfies OptimizationOrderedSignalV1);
    return ended;
  }
}

function newOptimization(
  ctx: RequestContext,
  request: OptimizationCreateV1,
): Omit<OptimizationEntity, 'id' | keyof Ingredients> {
  return {
    tenant: ctx.tenant,
    name: request.name ?? null,
    optimizer: request.optimizer.name,
    settings: request.optimizer.settings,
    seed: request.seed ?? 0,
    threads: request.threads ?? OPTIMIZATION_THREADS_DEFAULT,
    level: request.level ?? EVALUATION_LEVEL_DEFAULT,
    status: 'queued',
    step: 'prepare',
    stoppedEarly: false,
    error: null,
    epoch: 1,
    attempt: 0,
    worker: null,
    trials: 0,
    planned: null,
    parentScore: null,
    bestScore: null,
    bestTrial: null,
    bestState: null,
    parentState: null,
    candidateVersion: null,
    guard: null,
    conclusion: null,
    publication: null,
    calls: 0,
    usage: NO_USAGE,
    spentBefore: { calls: 0, usage: NO_USAGE },
    versions: {},
    traceparent: ctx.traceparent,
    createdAt: new Date(),
    startedAt: null,
    trialAt: null,
    finishedAt: null,
  };
}
