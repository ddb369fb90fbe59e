import {
  OptimizationCreateV1,
  OptimizationRefV1,
  PageRequest,
  REQUESTS,
  type OptimizationV1,
  type Page,
} from '@dspy-nest/contracts';
import { ContractPipe, RequestCtx } from '@dspy-nest/messaging';
import type { RequestContext } from '@dspy-nest/platform';
import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { OptimizationsService } from './optimizations.service';

/** Optimisations over NATS. */
@Controller()
export class OptimizationsHandler {
  constructor(private readonly optimizations: OptimizationsService) {}

  @MessagePattern(REQUESTS.optimizationCreate)
  create(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(OptimizationCreateV1)) request: OptimizationCreateV1,
  ): Promise<OptimizationV1> {
    return this.optimizations.create(ctx, request);
  }

  @MessagePattern(REQUESTS.optimizationGet)
  get(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(OptimizationRefV1)) { id }: OptimizationRefV1,
  ): Promise<OptimizationV1> {
    return this.optimizations.get(ctx, id);
  }

  @MessagePattern(REQUESTS.optimizationList)
  async list(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(PageRequest)) request: PageRequest,
  ): Promise<Page<OptimizationV1>> {
    const { items, nextCursor } = await this.optimizations.list(ctx, request);
    return { items, nextCursor };
  }

  @MessagePattern(REQUESTS.optimizationStop)
  stop(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(OptimizationRefV1)) { id }: OptimizationRefV1,
  ): Promise<OptimizationV1> {
    return this.optimizations.stop(ctx, id);
  }

  @MessagePattern(REQUESTS.optimizationCancel)
  cancel(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(OptimizationRefV1)) { id }: OptimizationRefV1,
  ): Promise<OptimizationV1> {
    return this.optimizations.cancel(ctx, id);
  }
}
