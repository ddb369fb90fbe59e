import {
  EVALUATION_LEVEL_DEFAULT,
  REQUESTS,
  type EvaluationCreateV1,
  type EvaluationV1,
  type PageRequest,
  type ProgramVersionV1,
} from '@dspy-nest/contracts';
import { RequestClient } from '@dspy-nest/messaging';
import type { ListPage } from '@dspy-nest/persistence';
import { checkStorable, isUuid, type RequestContext } from '@dspy-nest/platform';
import { Injectable } from '@nestjs/common';
import { CreationsService } from '../creations/creations.service';
import { EvaluationExamplesService } from '../evaluation-examples/evaluation-examples.service';
import { MetricsService } from '../metrics/metrics.service';
import { OptimizationOutbox } from '../outbox/optimization-outbox';
import { metricFor } from './evaluable';
import { toEvaluation, type EvaluationEntity } from './evaluation.entity';
import { EvaluationFinishedError, EvaluationNotFoundError } from './evaluations.errors';
import { EvaluationsRepository } from './evaluations.repository';

/** Evaluations as callers make, read and cancel them. */
@Injectable()
export class EvaluationsService {
  constructor(
    private readonly evaluations: EvaluationsRepository,
    private readonly metrics: MetricsService,
    private readonly examples: EvaluationExamplesService,
    private readonly requests: RequestClient,
    private readonly creations: CreationsService,
    private readonly outbox: OptimizationOutbox,
  ) {}

  /**
   * Accepts an evaluation, once for a key; it is run from then on. Throws MetricNotFoundError, NotEvaluableError,
   * ValidationFailedError, and the registry's errors on program and dataset.
   */
  async create(ctx: RequestContext, request: EvaluationCreateV1): Promise<EvaluationV1> {
    checkStorable({ name: request.name });
    const metric = await this.metrics.get(ctx, { name: request.metric, version: request.metricVersion });
    const asked = { name: request.program, version: request.version };
    const program = await this.requests.request<ProgramVersionV1>(ctx, REQUESTS.programResolve, asked);
    const definition = metricFor(
      metric.definition,
      program.signature.outputs.map(({ name }) => name),
    );
    const { signature } = program;
    const examples = await this.examples.choose(ctx, request, { signature, definition });
    return this.creations.once(ctx, { entity: 'evaluation', request }, async (manager, id) => {
      const chosen = { programId: program.programId, program: program.name, version: program.version };
      const scoredBy = { metricId: metric.id, metric: metric.name, metricVersion: metric.version, definition };
      const row = { ...newEvaluation(ctx, request), ...chosen, ...scoredBy, ...examples.source, id };
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

type OfProgram = 'programId' | 'program' | 'version';
type OfMetric = 'metricId' | 'metric' | 'metricVersion' | 'definition';
type OfExamples = 'total' | 'datasetId' | 'dataset' | 'datasetVersion' | 'split';

function newEvaluation(
  ctx: RequestContext,
  request: EvaluationCreateV1,
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
