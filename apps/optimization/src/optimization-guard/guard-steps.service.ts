import {
  isEvaluationOver,
  REQUESTS,
  type EvaluationV1,
  type OptimizationGuard,
  type ProgramCandidateAddV1,
  type ProgramV1,
} from '@dspy-nest/contracts';
import { RequestClient } from '@dspy-nest/messaging';
import { AppError, type RequestContext } from '@dspy-nest/platform';
import { Injectable } from '@nestjs/common';
import { EvaluationComparisonsService } from '../evaluation-comparisons/evaluation-comparisons.service';
import { EvaluationsService } from '../evaluations/evaluations.service';
import type { OptimizationEntity } from '../optimizations/optimization.entity';
import { OptimizationsRepository } from '../optimizations/optimizations.repository';
import { addUsage, NO_USAGE } from '../optimizations/usage';
import { concluded } from './concluded';

type Change = Partial<OptimizationEntity>;

/** Asked again after a crash, the same is answered: what is made has a key of the optimisation. */
const keyed = (ctx: RequestContext, { id }: OptimizationEntity, what: string): RequestContext => ({
  ...ctx,
  idempotencyKey: `optimization-${id}-${what}`,
});

/** Judges the candidate of an optimisation on the split that the optimiser never saw. */
@Injectable()
export class GuardSteps {
  constructor(
    private readonly optimizations: OptimizationsRepository,
    private readonly evaluations: EvaluationsService,
    private readonly comparisons: EvaluationComparisonsService,
    private readonly requests: RequestClient,
  ) {}

  /** Has the registry keep the candidate as a version of the program that is not published. */
  async store(ctx: RequestContext, row: OptimizationEntity): Promise<Change> {
    const { best } = await this.optimizations.states(row);
    const request: ProgramCandidateAddV1 = { programId: row.programId, version: row.version, state: best ?? {} };
    const asked = keyed(ctx, row, 'candidate');
    const { version } = await this.requests.request<ProgramV1>(asked, REQUESTS.programCandidateAdd, request);
    return { candidateVersion: version, step: 'evaluate' };
  }

  /** Orders the evaluations of the program as it was and of the candidate, on the same examples. */
  async evaluate(ctx: RequestContext, row: OptimizationEntity): Promise<Change> {
    const baseline = await this.order(ctx, row, 'baseline', row.version);
    const candidate = await this.order(ctx, row, 'candidate', row.candidateVersion!);
    const guard = { baseline: baseline.id, candidate: candidate.id, comparison: null, usage: NO_USAGE };
    return { guard, step: 'judge' };
  }

  /** Compares both once they have ended; null until then. */
  async judge(ctx: RequestContext, row: OptimizationEntity): Promise<Change | null> {
    const guard = row.guard!;
    const baseline = await this.evaluations.get(ctx, guard.baseline);
    const candidate = await this.evaluations.get(ctx, guard.candidate);
    if (!isEvaluationOver(baseline.status) || !isEvaluationOver(candidate.status)) return null;
    const usage = addUsage(baseline.usage, candidate.usage);
    const ended = { status: 'completed', step: null, finishedAt: new Date() } as const;
    const broken = [baseline, candidate].find(({ status }) => status !== 'completed');
    if (broken !== undefined) return { ...ended, guard: { ...guard, usage }, conclusion: unjudged(broken) };
    const comparison = await this.comparisons.compare(ctx, { id: candidate.id, baseline: baseline.id });
    const earlierUses = await this.optimizations.earlierUses(row);
    const conclusion = concluded(comparison.sentence, earlierUses);
    return { ...ended, guard: { ...guard, comparison, usage, earlierUses }, conclusion };
  }

  /** Has the evaluations of an optimisation that was cancelled run no more examples. */
  async abandon(ctx: RequestContext, { guard }: OptimizationEntity): Promise<Change> {
    for (const id of guard === null ? [] : [guard.baseline, guard.candidate]) {
      await this.evaluations.cancel(ctx, id).catch((error: unknown) => {
        // It has ended: nothing runs any more.
        if (!(error instanceof AppError) || error.code !== 'evaluation_finished') throw error;
      });
    }
    return { step: null };
  }

  private order(
    ctx: RequestContext,
    row: OptimizationEntity,
    role: keyof Pick<OptimizationGuard, 'baseline' | 'candidate'>,
    version: number,
  ): Promise<EvaluationV1> {
    return this.evaluations.create(keyed(ctx, row, role), {
      name: `optimisation ${row.id}: ${role}`,
      program: row.programId,
      version,
      model: row.model,
      metric: row.metric,
      metricVersion: row.metricVersion,
      dataset: row.datasetId,
      datasetVersion: row.datasetVersion,
      split: 'test',
      level: row.level,
      seed: row.seed,
    });
  }
}

function unjudged({ id, status, error }: EvaluationV1): string {
  const why = error === null ? '' : `: ${error.message}`;
  return `The candidate is not shown to be better: evaluation "${id}" is ${status}${why}`;
}
