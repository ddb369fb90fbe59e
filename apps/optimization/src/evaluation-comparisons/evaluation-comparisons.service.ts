import type { EvaluationCompareV1, EvaluationComparisonV1 } from '@dspy-nest/contracts';
import type { RequestContext } from '@dspy-nest/platform';
import { judgePairs } from '@dspy-nest/statistics';
import { Injectable } from '@nestjs/common';
import { EvaluationsService } from '../evaluations/evaluations.service';
import { NotComparableError, refuseIncomparable } from './comparable';
import { EvaluationComparisonsRepository } from './evaluation-comparisons.repository';

/** Whether one evaluation shows a program to be better than another does. */
@Injectable()
export class EvaluationComparisonsService {
  constructor(
    private readonly evaluations: EvaluationsService,
    private readonly comparisons: EvaluationComparisonsRepository,
  ) {}

  /** Judges the scores of both on the same examples, at the level and by the seed of the candidate. Throws EvaluationNotFoundError, NotComparableError. */
  async compare(ctx: RequestContext, { id, baseline }: EvaluationCompareV1): Promise<EvaluationComparisonV1> {
    const candidate = await this.evaluations.get(ctx, id);
    refuseIncomparable(candidate, await this.evaluations.get(ctx, baseline));
    const { pairs, unpaired } = await this.comparisons.pairs(ctx.tenant, { baseline, candidate: id });
    if (pairs.length === 0) {
      throw new NotComparableError(
        'The evaluations have no scored example in common. Evaluate both on the same examples.',
      );
    }
    const { level, seed } = candidate;
    return { candidate: id, baseline, unpaired, ...judgePairs(pairs, { level, seed }) };
  }
}
