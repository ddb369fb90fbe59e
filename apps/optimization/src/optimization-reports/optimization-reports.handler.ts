import {
  OptimizationPageGetV1,
  REQUESTS,
  type OptimizationLogV1,
  type OptimizationTrialsV1,
} from '@dspy-nest/contracts';
import { ContractPipe, RequestCtx } from '@dspy-nest/messaging';
import type { RequestContext } from '@dspy-nest/platform';
import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { OptimizationReports } from './optimization-reports.service';

/** Requests for what runs told. */
@Controller()
export class OptimizationReportsHandler {
  constructor(private readonly reports: OptimizationReports) {}

  @MessagePattern(REQUESTS.optimizationTrials)
  trials(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(OptimizationPageGetV1)) request: OptimizationPageGetV1,
  ): Promise<OptimizationTrialsV1> {
    return this.reports.trials(ctx, request);
  }

  @MessagePattern(REQUESTS.optimizationLog)
  log(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(OptimizationPageGetV1)) request: OptimizationPageGetV1,
  ): Promise<OptimizationLogV1> {
    return this.reports.log(ctx, request);
  }
}
