import {
  REQUESTS,
  type BatchAppendV1,
  type BatchCloseV1,
  type BatchCreateV1,
  type BatchV1,
  type BatchResultsV1,
} from '@dspy-nest/contracts';
import { RequestClient } from '@dspy-nest/messaging';
import { AppError, type RequestContext } from '@dspy-nest/platform';
import { Injectable } from '@nestjs/common';

/** Every request about a batch may be repeated: its id, and the places of its rows, make asking twice harmless. */
const REPEATABLE = { repeatable: true } as const;

/** Batches, by which the execution service runs the examples of an evaluation. */
@Injectable()
export class BatchesClient {
  constructor(private readonly requests: RequestClient) {}

  async create(ctx: RequestContext, message: BatchCreateV1): Promise<void> {
    await this.requests.request(ctx, REQUESTS.batchCreate, message, REPEATABLE);
  }

  async append(ctx: RequestContext, message: BatchAppendV1): Promise<void> {
    await this.requests.request(ctx, REQUESTS.batchAppend, message, REPEATABLE);
  }

  async close(ctx: RequestContext, message: BatchCloseV1): Promise<void> {
    await this.requests.request(ctx, REQUESTS.batchClose, message, REPEATABLE);
  }

  get(ctx: RequestContext, id: string): Promise<BatchV1> {
    return this.requests.request(ctx, REQUESTS.batchGet, { id });
  }

  /** How rows ended from one on, up to the first that has not. */
  resultsFrom(ctx: RequestContext, id: string, first: number): Promise<BatchResultsV1> {
    return this.requests.request(ctx, REQUESTS.batchResults, { id, ...(first > 0 && { after: first - 1 }) });
  }

  /** Has a batch run no more rows; one that is over, or was never made, is well as it is. */
  async cancel(ctx: RequestContext, id: string): Promise<void> {
    try {
      await this.requests.request(ctx, REQUESTS.batchCancel, { id }, REPEATABLE);
    } catch (error) {
      const isOver = error instanceof AppError && ['batch_finished', 'batch_not_found'].includes(error.code);
      if (!isOver) throw error;
    }
  }
}
