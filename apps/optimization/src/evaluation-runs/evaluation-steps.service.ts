import { isBatchOver, isEvaluationOver, type BatchResultsV1, type WireError } from '@dspy-nest/contracts';
import type { MetricDefinition } from '@dspy-nest/metrics';
import { AppError, newContext, toWireError, type RequestContext } from '@dspy-nest/platform';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { BatchesClient } from '../batches/batches.client';
import { EvaluationExamplesRepository } from '../evaluation-examples/evaluation-examples.repository';
import { EvaluationExamplesService } from '../evaluation-examples/evaluation-examples.service';
import { EvaluationJudging, type JudgedPage } from '../evaluation-judging/evaluation-judging.service';
import type { EvaluationEntity, EvaluationKey } from '../evaluations/evaluation.entity';
import { EvaluationsRepository } from '../evaluations/evaluations.repository';
import { OptimizationOutbox } from '../outbox/optimization-outbox';
import { summaryOf } from './evaluation-summary';
import { addedJudgings, addedUp, scoredResult } from './scored-result';

const BATCH_ENDED: WireError = {
  code: 'cancelled',
  message: 'The batch that ran the examples was ended by somebody else. Start the evaluation again.',
  retryable: false,
  details: {},
};

/** Results in the order of the examples, as far as they can be counted, and how all batches stand. */
interface EndedPage {
  readonly items: BatchResultsV1['items'];
  readonly judged?: JudgedPage['judged'];
  readonly statuses: readonly BatchResultsV1['status'][];
}

/**
 * Moves one evaluation on. Its examples are run as the batch that has its id, each in its place: whatever of this is done twice,
 * after a crash or by two replicas, counts once.
 */
@Injectable()
export class EvaluationSteps {
  constructor(
    private readonly evaluations: EvaluationsRepository,
    private readonly examples: EvaluationExamplesRepository,
    private readonly sources: EvaluationExamplesService,
    private readonly judging: EvaluationJudging,
    private readonly batches: BatchesClient,
    private readonly outbox: OptimizationOutbox,
  ) {}

  /** Does what can be done now. Rejects with what may go well later; what never will ends the evaluation. */
  async moveOn(key: EvaluationKey): Promise<void> {
    const evaluation = await this.evaluations.find(key);
    if (evaluation === null || isEvaluationOver(evaluation.status)) return;
    const ctx = newContext(evaluation.tenant, evaluation.traceparent);
    try {
      if (evaluation.status === 'cancelling') return await this.cancel(ctx, evaluation);
      if (evaluation.status === 'queued') await this.handOver(ctx, evaluation);
      await this.collect(ctx, evaluation);
    } catch (error) {
      const mayGoWell = !(error instanceof AppError) || toWireError(error).retryable;
      if (mayGoWell) throw error;
      await this.end(ctx, evaluation, 'failed', toWireError(error));
    }
  }

  private async handOver(ctx: RequestContext, evaluation: EvaluationEntity): Promise<void> {
    const { id, programId, version, model, total } = evaluation;
    await this.sources.take(ctx, evaluation);
    await this.batches.create(ctx, { id, program: programId, version, ...(model !== null && { model }) });
    for (let first = 0; first < total;) {
      const page = await this.examples.inputs(evaluation, first);
      await this.batches.append(ctx, { id, first, rows: page.map((inputs) => ({ inputs })) });
      first += page.length;
    }
    await this.batches.close(ctx, { id, rows: total });
    await this.holding(ctx, evaluation, async (manager, held) => {
      if (held.status !== 'queued') return;
      await this.evaluations.change(manager, held, { status: 'running', startedAt: new Date() }, 'started');
    });
  }

  private async collect(ctx: RequestContext, evaluation: EvaluationEntity): Promise<void> {
    const hasJudgesToAsk = evaluation.judgeUsage !== null && evaluation.judgingAt === null;
    if (hasJudgesToAsk && !(await this.askJudges(ctx, evaluation))) return;
    for (let { ended } = evaluation; ;) {
      const page = await this.endedFrom(ctx, evaluation, ended);
      if (page.items.length > 0) await this.count(ctx, evaluation, ended, page);
      ended += page.items.length;
      if (ended === evaluation.total) return this.end(ctx, evaluation, 'completed');
      if (page.statuses.some((status) => isBatchOver(status) && status !== 'completed'))
        return this.end(ctx, evaluation, 'failed', BATCH_ENDED);
      if (page.items.length === 0) return;
    }
  }

  /** Asks the judges once all answers are there; false until then. */
  private async askJudges(ctx: RequestContext, evaluation: EvaluationEntity): Promise<boolean> {
    const { status, counts } = await this.batches.get(ctx, evaluation.id);
    const areAllThere = status === 'completed';
    if (areAllThere) await this.judging.handOver(ctx, evaluation);
    else if (isBatchOver(status)) await this.end(ctx, evaluation, 'failed', BATCH_ENDED);
    const answered = evaluation.total - counts.pending - counts.inFlight;
    await this.holding(ctx, evaluation, async (manager, held) => {
      const isNew = areAllThere || answered > held.answered;
      if (held.status !== 'running' || held.judgingAt !== null || !isNew) return;
      const judgingAt = areAllThere ? new Date() : null;
      await this.evaluations.change(manager, held, { answered, judgingAt }, 'progressed');
    });
    return areAllThere;
  }

  /** How executions ended from one on, with what the judges said of them if there are any. */
  private async endedFrom(ctx: RequestContext, evaluation: EvaluationEntity, first: number): Promise<EndedPage> {
    const { items, status } = await this.batches.resultsFrom(ctx, evaluation.id, first);
    if (evaluation.judgeUsage === null) return { items, statuses: [status] };
    const { judged, statuses } = await this.judging.results(ctx, evaluation, first);
    return { items: items.slice(0, judged.length), judged, statuses: [status, ...statuses] };
  }

  /** Scores a page of results and counts it, if nobody else has. */
  private async count(
    ctx: RequestContext,
    evaluation: EvaluationEntity,
    first: number,
    { items, judged }: EndedPage,
  ): Promise<void> {
    const metric = evaluation.definition as MetricDefinition;
    const examples = await this.examples.examples(evaluation, first, items.length);
    const scored = items.map((item, i) => scoredResult(metric, examples[i]?.expected ?? {}, item, judged?.[i]));
    const judgings = judged?.slice(0, items.length).flat();
    await this.holding(ctx, evaluation, async (manager, held) => {
      if (held.status !== 'running' || held.ended !== first) return;
      await this.examples.record(manager, held, scored);
      const judgeUsage = addedJudgings(held.judgeUsage, judgings);
      await this.evaluations.change(manager, held, { ...addedUp(held, items, scored), judgeUsage }, 'progressed');
    });
  }

  private async cancel(ctx: RequestContext, evaluation: EvaluationEntity): Promise<void> {
    await this.batches.cancel(ctx, evaluation.id);
    await this.judging.cancel(ctx, evaluation);
    await this.end(ctx, evaluation, 'cancelled');
  }

  /** Ends an evaluation, with a summary of what was counted. */
  private async end(
    ctx: RequestContext,
    evaluation: EvaluationEntity,
    status: 'completed' | 'cancelled' | 'failed',
    error: WireError | null = null,
  ): Promise<void> {
    const from = status === 'cancelled' ? ['cancelling'] : ['queued', 'running'];
    await this.holding(ctx, evaluation, async (manager, held) => {
      if (!from.includes(held.status)) return;
      const metric = held.definition as MetricDefinition;
      const ended = await this.examples.ended(manager, held, metric.field ?? '');
      const summary = summaryOf(ended, metric, { level: held.level, seed: held.seed });
      const change = { status, error, summary, score: summary.score, finishedAt: new Date() };
      await this.evaluations.change(manager, held, change, status);
    });
  }

  private async holding(
    ctx: RequestContext,
    key: EvaluationKey,
    work: (manager: EntityManager, held: EvaluationEntity) => Promise<void>,
  ): Promise<void> {
    await this.outbox.transaction(ctx, async (manager) => {
      const held = await this.evaluations.lock(manager, key);
      if (held !== null) await work(manager, held);
    });
  }
}
