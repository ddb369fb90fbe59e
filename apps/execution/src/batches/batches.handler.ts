import { BatchRefV1, type BatchV1, type Page, PageRequest, REQUESTS } from '@dspy-nest/contracts';
import { ContractPipe, RequestCtx } from '@dspy-nest/messaging';
import type { RequestContext } from '@dspy-nest/platform';
import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { BatchesService } from './batches.service';

/** The requests about batches that are there. */
@Controller()
export class BatchesHandler {
  constructor(private readonly batches: BatchesService) {}

  @MessagePattern(REQUESTS.batchGet)
  get(@RequestCtx() ctx: RequestContext, @Payload(new ContractPipe(BatchRefV1)) { id }: BatchRefV1): Promise<BatchV1> {
    return this.batches.get(ctx, id);
  }

  @MessagePattern(REQUESTS.batchList)
  async list(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(PageRequest)) request: PageRequest,
  ): Promise<Page<BatchV1>> {
    const { items, nextCursor } = await this.batches.list(ctx, request);
    return { items, nextCursor };
  }

  @MessagePattern(REQUESTS.batchCancel)
  cancel(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(BatchRefV1)) { id }: BatchRefV1,
  ): Promise<BatchV1> {
    return this.batches.cancel(ctx, id);
  }
}
