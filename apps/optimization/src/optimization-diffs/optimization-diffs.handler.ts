import { OptimizationRefV1, REQUESTS, type OptimizationDiffV1 } from '@dspy-nest/contracts';
import { ContractPipe, RequestCtx } from '@dspy-nest/messaging';
import type { RequestContext } from '@dspy-nest/platform';
import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { OptimizationDiffs } from './optimization-diffs.service';

/** The request for what a candidate changes. */
@Controller()
export class OptimizationDiffsHandler {
  constructor(private readonly diffs: OptimizationDiffs) {}

  @MessagePattern(REQUESTS.optimizationDiff)
  diff(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(OptimizationRefV1)) { id }: OptimizationRefV1,
  ): Promise<OptimizationDiffV1> {
    return this.diffs.diff(ctx, id);
  }
}
