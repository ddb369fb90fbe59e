import { EvaluationResultsGetV1, REQUESTS, type EvaluationResultsV1 } from '@dspy-nest/contracts';
import { ContractPipe, RequestCtx } from '@dspy-nest/messaging';
import type { RequestContext } from '@dspy-nest/platform';
import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { EvaluationResultsService } from './evaluation-results.service';

/** The request for what became of the examples of an evaluation. */
@Controller()
export class EvaluationResultsHandler {
  constructor(private readonly results: EvaluationResultsService) {}

  @MessagePattern(REQUESTS.evaluationResults)
  page(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(EvaluationResultsGetV1)) request: EvaluationResultsGetV1,
  ): Promise<EvaluationResultsV1> {
    return this.results.page(ctx, request);
  }
}
