import {
  EVALUATION_LEVEL_DEFAULT,
  type EvaluationCreateV1,
  type EvaluationV1,
  type PageRequest,
} from '@dspy-nest/contracts';
import { judgesOf, type MetricDefinition } from '@dspy-nest/metrics';
import type { ListPage } from '@dspy-nest/persistence';
import { checkStorable, isUuid, type RequestContext } from '@dspy-nest/platform';
import { Injectable } from '@nestjs/common';
import { CreationsService } from '../creations/creations.service';
import { EvaluationExamplesService } from '../evaluation-examples/evaluation-examples.service';
import { OptimizationOutbox } from '../outbox/optimization-outbox';
import { EvaluatedService } from './evaluated.service';
import { toEvaluation, type EvaluationEntity } from './evaluation.entity';
import { EvaluationFinishedError, EvaluationNotFoundError } from './evaluations.errors';
import { EvaluationsRepository } from './evaluations.repository';

/** Evaluations as callers make, read and cancel them. */
@Injectable()
export class EvaluationsService {
  constructor(
    private readonly evaluations: EvaluationsRepository,
    private readonly evaluated: EvaluatedService,
    private readonly examples: EvaluationExamplesService,
    private readonly creations: CreationsService,
    private readonly outbox: OptimizationOutbox,
  ) {}

  /**
   * Accepts an evaluation, once for a key; it is run from then on. Throws MetricNotFoundError, NotEvaluableError,
   * ValidationFailedError, and the registry's errors on program and dataset.
   */
  async create(ctx: RequestContext, request: EvaluationCreateV1): Promise<EvaluationV1> {
    checkStorable({ name: request.name });
    const { program, metric, definition } = await this.evaluated.find(ctx, request);
    const examples = await this.examples.choose(ctx, request, { signature: program.signature, definition });
    return this.creations.once(ctx, { entity: 'evaluation', request }, async (manager, id) => {
      const chosen = { programId: program.programId, program: program.name, version: program.version };
      const scoredBy = { metricId: metric.id, metric: metric.name, metricVersion: metric.version, definition };
      const row = { ...newEvaluation(ctx, request, definition), ...chosen, ...scoredBy, ...examples.source, id };
      await this.evaluations.insert(manager, row);
      await this.examples.keep(manager, row, examples);
      return toEvaluation(row, row.createdAt);
    });
  }

  /** One evaluation as it stands. Throws EvaluationNotFoundError. */
  async get(ctx: RequestContext, id: string): Promise<EvaluationV1> {
    return toEvaluation(await this.find(ctx, id), new Date());
  }

  /** A page of evaluations. */
  async list({ tenant }: RequestContext, request: PageRequest): Promise<ListPage<EvaluationV1>> {
    const page = await this.evaluations.list(tenant, request);
    const now = new Date();
    return { ...page, items: page.items.map((row) => toEvaluation(row, now)) };
  }

  /** Has no more examples run; it is over once those that run are given up. Throws EvaluationNotFoundError, EvaluationFinishedError. */
  async cancel(ctx: RequestContext, id: string): Promise<EvaluationV1> {
    const { tenant } = await this.find(ctx, id);
    return this.outbox.transaction(ctx, async (manager) => {
      const held = await this.evaluations.lock(manager, { tenant, id });
      if (held === null) throw new EvaluationNotFoundError(id);
      if (held.status !== 'queued' && held.status !== 'running') throw new EvaluationFinishedError(id, held.status);
      return toEvaluation(await this.evaluations.change(manager, held, { status: 'cancelling' }), new Date());
    });
  }

  private async find({ tenant }: RequestContext, id: string): Promise<EvaluationEntity> {
    const row = isUuid(id) ? await this.evaluations.find({ tenant, id }) : null;
    if (row === null) throw new EvaluationNotFoundError(id);
    return row;
  }
}

const NO_USAGE = { promptTokens: null, completionTokens: null, costUsd: null, unpriced: 0 };

type OfProgram = 'programId' | 'program' | 'version';
type OfMetric = 'metricId' | 'metric' | 'metricVersion' | 'definition';
type OfExamples = 'total' | 'datasetId' | 'dataset' | 'datasetVersion' | 'split';

function newEvaluation(
  ctx: RequestContext,
  request: EvaluationCreateV1,
  definition: MetricDefinition,
): Omit<EvaluationEntity, 'id' | OfProgram | OfMetric | OfExamples> {
  return {
    tenant: ctx.tenant,
    name: request.name ?? null,
    model: request.model ?? null,
    status: 'queued',
    error: null,
    ended: 0,
    failed: 0,
    unscored: 0,
    promptTokens: null,
    completionTokens: null,
    costUsd: null,
    unpriced: 0,
    answered: 0,
    judgingAt: null,
    judgeUsage: judgesOf(definition).length > 0 ? NO_USAGE : null,
    summary: null,
    score: null,
    level: request.level ?? EVALUATION_LEVEL_DEFAULT,
    seed: request.seed ?? 0,
    traceparent: ctx.traceparent,
    createdAt: new Date(),
    startedAt: null,
    finishedAt: null,
  };
}
