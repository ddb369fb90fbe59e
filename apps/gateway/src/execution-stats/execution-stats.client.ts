import { Injectable } from '@nestjs/common';
import { REQUESTS, type ExecutionStatsGetV1, type ExecutionStatsV1 } from '@dspy-nest/contracts';
import { RequestClient } from '@dspy-nest/messaging';
import type { RequestContext } from '@dspy-nest/platform';

/** Numbers of executions, as the execution service adds them up. */
@Injectable()
export class ExecutionStatsClient {
  constructor(private readonly requests: RequestClient) {}

  read(ctx: RequestContext, asked: ExecutionStatsGetV1): Promise<ExecutionStatsV1> {
    return this.requests.request(ctx, REQUESTS.executionStats, asked);
  }
}
