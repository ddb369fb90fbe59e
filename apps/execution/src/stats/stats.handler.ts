import { ExecutionStatsGetV1, type ExecutionStatsV1, REQUESTS } from '@dspy-nest/contracts';
import { ContractPipe, RequestCtx } from '@dspy-nest/messaging';
import type { RequestContext } from '@dspy-nest/platform';
import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { StatsService } from './stats.service';

/** The request about numbers of executions. */
@Controller()
export class StatsHandler {
  constructor(private readonly stats: StatsService) {}

  @MessagePattern(REQUESTS.executionStats)
  async read(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(ExecutionStatsGetV1)) asked: ExecutionStatsGetV1,
  ): Promise<ExecutionStatsV1> {
    return { items: await this.stats.read(ctx, asked) };
  }
}
