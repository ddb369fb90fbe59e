import { BatchResultsGetV1, type BatchResultsV1, REQUESTS } from '@dspy-nest/contracts';
import { ContractPipe, RequestCtx } from '@dspy-nest/messaging';
import type { RequestContext } from '@dspy-nest/platform';
import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { BatchResultsService } from './batch-results.service';

/** The request for what became of the rows of a batch. */
@Controller()
export class BatchResultsHandler {
  constructor(private readonly results: BatchResultsService) {}

  @MessagePattern(REQUESTS.batchResults)
  page(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(BatchResultsGetV1)) request: BatchResultsGetV1,
  ): Promise<BatchResultsV1> {
    return this.results.page(ctx, request);
  }
}
