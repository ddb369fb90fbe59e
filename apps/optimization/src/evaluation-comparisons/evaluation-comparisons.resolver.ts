import { Uuid, type EvaluationComparisonV1, type EvaluationV1 } from '@dspy-nest/contracts';
import { ContractPipe } from '@dspy-nest/messaging';
import type { RequestContext } from '@dspy-nest/platform';
import { Args, Context, ID, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { EvaluationComparisonObject, EvaluationObject } from '../subgraph/evaluation.object';
import { EvaluationComparisonsService } from './evaluation-comparisons.service';

/** Comparisons of evaluations in GraphQL. */
@Resolver(() => EvaluationObject)
export class EvaluationComparisonsResolver {
  constructor(private readonly comparisons: EvaluationComparisonsService) {}

  @ResolveField(() => EvaluationComparisonObject, {
    description: 'Whether it shows its program to be better than that of another, on the examples of both.',
  })
  comparison(
    @Parent() { id }: EvaluationV1,
    @Context('context') ctx: RequestContext,
    @Args('baseline', { type: () => ID }, new ContractPipe(Uuid)) baseline: string,
  ): Promise<EvaluationComparisonV1> {
    return this.comparisons.compare(ctx, { id, baseline });
  }
}
