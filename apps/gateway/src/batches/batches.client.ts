import { Injectable } from '@nestjs/common';
import {
  REQUESTS,
  type BatchAbortV1,
  type BatchAppendV1,
  type BatchCloseV1,
  type BatchCreateV1,
  type BatchResultsGetV1,
  type BatchResultsV1,
  type BatchV1,
  type Page,
  type PageRequest,
} from '@dspy-nest/contracts';
import { RequestClient } from '@dspy-nest/messaging';
import type { RequestContext } from '@dspy-nest/platform';

/** Every request about a batch may be repeated: its id, and the places of its rows, make asking twice harmless. */
const REPEATABLE = { repeatable: true } as const;

/** Batches, as the execution service runs and keeps them. */
@Injectable()
export class BatchesClient {
  constructor(private readonly requests: RequestClient) {}

  create(ctx: RequestContext, message: BatchCreateV1): Promise<BatchV1> {
    return this.requests.request(ctx, REQUESTS.batchCreate, message, REPEATABLE);
  }

  append(ctx: RequestContext, message: BatchAppendV1): Promise<{ received: number }> {
    return this.requests.request(ctx, REQUESTS.batchAppend, message, REPEATABLE);
  }

  close(ctx: RequestContext, message: BatchCloseV1): Promise<BatchV1> {
    return this.requests.request(ctx, REQUESTS.batchClose, message, REPEATABLE);
  }

  abort(ctx: RequestContext, message: BatchAbortV1): Promise<BatchV1> {
    return this.requests.request(ctx, REQUESTS.batchAbort, message, REPEATABLE);
  }

  cancel(ctx: RequestContext, id: string): Promise<BatchV1> {
    return this.requests.request(ctx, REQUESTS.batchCancel, { id });
  }

  get(ctx: RequestContext, id: string): Promise<BatchV1> {
    return this.requests.request(ctx, REQUESTS.batchGet, { id });
  }

  list(ctx: RequestContext, page: PageRequest): Promise<Page<BatchV1>> {
    return this.requests.request(ctx, REQUESTS.batchList, page);
  }

  results(ctx: RequestContext, message: BatchResultsGetV1): Promise<BatchResultsV1> {
    return this.requests.request(ctx, REQUESTS.batchResults, message);
  }
}
