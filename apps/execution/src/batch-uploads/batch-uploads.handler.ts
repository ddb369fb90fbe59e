import { BatchAbortV1, BatchAppendV1, BatchCloseV1, BatchCreateV1, type BatchV1, REQUESTS } from '@dspy-nest/contracts';
import { ContractPipe, RequestCtx } from '@dspy-nest/messaging';
import type { RequestContext } from '@dspy-nest/platform';
import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { BatchUploadsService } from './batch-uploads.service';

/** The requests by which a batch comes in. */
@Controller()
export class BatchUploadsHandler {
  constructor(private readonly uploads: BatchUploadsService) {}

  @MessagePattern(REQUESTS.batchCreate)
  create(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(BatchCreateV1)) request: BatchCreateV1,
  ): Promise<BatchV1> {
    return this.uploads.create(ctx, request);
  }

  @MessagePattern(REQUESTS.batchAppend)
  append(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(BatchAppendV1)) request: BatchAppendV1,
  ): Promise<{ received: number }> {
    return this.uploads.append(ctx, request);
  }

  @MessagePattern(REQUESTS.batchClose)
  close(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(BatchCloseV1)) request: BatchCloseV1,
  ): Promise<BatchV1> {
    return this.uploads.close(ctx, request);
  }

  @MessagePattern(REQUESTS.batchAbort)
  abort(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(BatchAbortV1)) request: BatchAbortV1,
  ): Promise<BatchV1> {
    return this.uploads.abort(ctx, request);
  }
}
