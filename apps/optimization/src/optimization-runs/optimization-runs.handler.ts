import {
  OptimizationJobV1,
  OptimizationOutcomeV1,
  OptimizationProgressV1,
  REQUESTS,
  type OptimizationOrderV1,
  type OptimizationTaskV1,
} from '@dspy-nest/contracts';
import { ContractPipe, RequestCtx } from '@dspy-nest/messaging';
import type { RequestContext } from '@dspy-nest/platform';
import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { OptimizationRuns } from './optimization-runs.service';

/** What workers ask and tell of the runs they hold. */
@Controller()
export class OptimizationRunsHandler {
  constructor(private readonly runs: OptimizationRuns) {}

  @MessagePattern(REQUESTS.optimizationTaskGet)
  task(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(OptimizationJobV1)) job: OptimizationJobV1,
  ): Promise<OptimizationTaskV1> {
    return this.runs.task(ctx, job);
  }

  @MessagePattern(REQUESTS.optimizationProgress)
  progress(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(OptimizationProgressV1)) told: OptimizationProgressV1,
  ): Promise<OptimizationOrderV1> {
    return this.runs.progress(ctx, told);
  }

  @MessagePattern(REQUESTS.optimizationComplete)
  async complete(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(OptimizationOutcomeV1)) told: OptimizationOutcomeV1,
  ): Promise<null> {
    await this.runs.complete(ctx, told);
    return null;
  }
}
