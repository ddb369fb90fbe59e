import { EvaluationCompareV1, REQUESTS, type EvaluationComparisonV1 } from '@dspy-nest/contracts';
import { ContractPipe, RequestCtx } from '@dspy-nest/messaging';
import type { RequestContext } from '@dspy-nest/platform';
import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { EvaluationComparisonsService } from './evaluation-comparisons.service';

/** The request to compare two evaluations. */
@Controller()
export class EvaluationComparisonsHandler {
  constructor(private readonly comparisons: EvaluationComparisonsService) {}

  @MessagePattern(REQUESTS.evaluationCompare)
  compare(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(EvaluationCompareV1)) request: EvaluationCompareV1,
  ): Promise<EvaluationComparisonV1> {
    return this.comparisons.compare(ctx, request);
  }
}
