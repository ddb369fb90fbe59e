import { Injectable } from '@nestjs/common';
import {
  NO_WORKER_PATIENCE_MS,
  REQUESTS,
  TIMEOUT_DEFAULT_MS,
  type ExecutionCreateV1,
  type ExecutionV1,
  type Page,
  type PageRequest,
} from '@dspy-nest/contracts';
import { RequestClient } from '@dspy-nest/messaging';
import type { RequestContext } from '@dspy-nest/platform';

/** The execution service keeps the clock and answers `timed_out` itself; the gateway only gives up when that answer is overdue. */
const ANSWER_SLACK_MS = NO_WORKER_PATIENCE_MS + 5_000;

/** Executions, as the execution service runs and keeps them. */
@Injectable()
export class ExecutionsClient {
  constructor(private readonly requests: RequestClient) {}

  /** With `wait` resolves to the finished execution, however it ended; without, to the accepted one. */
  create(ctx: RequestContext, message: ExecutionCreateV1): Promise<ExecutionV1> {
    const workMs = message.wait ? (message.timeoutMs ?? TIMEOUT_DEFAULT_MS) : 0;
    return this.requests.request(ctx, REQUESTS.executionCreate, message, { timeoutMs: workMs + ANSWER_SLACK_MS });
  }

  cancel(ctx: RequestContext, id: string): Promise<ExecutionV1> {
    return this.requests.request(ctx, REQUESTS.executionCancel, { id });
  }

  get(ctx: RequestContext, id: string): Promise<ExecutionV1> {
    return this.requests.request(ctx, REQUESTS.executionGet, { id });
  }

  list(ctx: RequestContext, page: PageRequest): Promise<Page<ExecutionV1>> {
    return this.requests.request(ctx, REQUESTS.executionList, page);
  }
}
