import { Injectable } from '@nestjs/common';
import { REQUESTS, type Page, type PageRequest, type WorkerV1 } from '@dspy-nest/contracts';
import { RequestClient } from '@dspy-nest/messaging';
import type { RequestContext } from '@dspy-nest/platform';

/** The fleet, as the execution service sees it. */
@Injectable()
export class WorkersClient {
  constructor(private readonly requests: RequestClient) {}

  list(ctx: RequestContext, page: PageRequest): Promise<Page<WorkerV1>> {
    return this.requests.request(ctx, REQUESTS.workerList, page);
  }
}
