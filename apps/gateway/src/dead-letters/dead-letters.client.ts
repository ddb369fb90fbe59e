import { Injectable } from '@nestjs/common';
import { REQUESTS, type DeadLetterV1, type ExecutionV1, type Page, type PageRequest } from '@dspy-nest/contracts';
import { RequestClient } from '@dspy-nest/messaging';
import { uuidv7, type RequestContext } from '@dspy-nest/platform';

/** Jobs that the fleet gave up, as the execution service keeps them. */
@Injectable()
export class DeadLettersClient {
  constructor(private readonly requests: RequestClient) {}

  get(ctx: RequestContext, id: string): Promise<DeadLetterV1> {
    return this.requests.request(ctx, REQUESTS.deadLetterGet, { id });
  }

  list(ctx: RequestContext, page: PageRequest): Promise<Page<DeadLetterV1>> {
    return this.requests.request(ctx, REQUESTS.deadLetterList, page);
  }

  /** The accepted execution; that of the first replay when there was one. */
  replay(ctx: RequestContext, id: string): Promise<ExecutionV1> {
    const message = { id, executionId: uuidv7() };
    return this.requests.request(ctx, REQUESTS.deadLetterReplay, message, { repeatable: true });
  }
}
