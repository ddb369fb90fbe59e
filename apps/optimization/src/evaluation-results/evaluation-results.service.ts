import {
  EVALUATION_RESULTS_MAX_ROWS,
  type EvaluationResultsGetV1,
  type EvaluationResultsV1,
} from '@dspy-nest/contracts';
import type { RequestContext } from '@dspy-nest/platform';
import { Injectable } from '@nestjs/common';
import { EvaluationsService } from '../evaluations/evaluations.service';
import { EvaluationResultsRepository } from './evaluation-results.repository';

/** What became of the examples of an evaluation, in their order. */
@Injectable()
export class EvaluationResultsService {
  constructor(
    private readonly evaluations: EvaluationsService,
    private readonly results: EvaluationResultsRepository,
  ) {}

  /** A page of results, as far as they were counted: what was read is never read otherwise later. Throws EvaluationNotFoundError. */
  async page(
    ctx: RequestContext,
    { id, after = -1, limit = EVALUATION_RESULTS_MAX_ROWS }: EvaluationResultsGetV1,
  ): Promise<EvaluationResultsV1> {
    // Read before its results: what is counted in between is found at the next look.
    const { status, counts } = await this.evaluations.get(ctx, id);
    const items = await this.results.rows({ tenant: ctx.tenant, id }, after, limit);
    const last = items.at(-1)?.index ?? after;
    return { items, more: items.length > 0 && last + 1 < counts.ended, status };
  }
}
