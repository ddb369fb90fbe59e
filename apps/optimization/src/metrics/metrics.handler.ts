import {
  MetricCreateV1,
  MetricName,
  MetricRefV1,
  MetricUpdateV1,
  PageRequest,
  REQUESTS,
  type MetricV1,
  type Page,
} from '@dspy-nest/contracts';
import { ContractPipe, RequestCtx } from '@dspy-nest/messaging';
import type { RequestContext } from '@dspy-nest/platform';
import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { z } from 'zod';
import { MetricsService } from './metrics.service';

const MetricVersionsRequest = PageRequest.extend({ name: MetricName });

/** Metrics over NATS. */
@Controller()
export class MetricsHandler {
  constructor(private readonly metrics: MetricsService) {}

  @MessagePattern(REQUESTS.metricCreate)
  create(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(MetricCreateV1)) message: MetricCreateV1,
  ): Promise<MetricV1> {
    return this.metrics.create(ctx, message);
  }

  @MessagePattern(REQUESTS.metricUpdate)
  update(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(MetricUpdateV1)) message: MetricUpdateV1,
  ): Promise<MetricV1> {
    return this.metrics.update(ctx, message);
  }

  @MessagePattern(REQUESTS.metricGet)
  get(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(MetricRefV1)) message: MetricRefV1,
  ): Promise<MetricV1> {
    return this.metrics.get(ctx, message);
  }

  @MessagePattern(REQUESTS.metricList)
  async list(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(PageRequest)) message: PageRequest,
  ): Promise<Page<MetricV1>> {
    const { items, nextCursor } = await this.metrics.list(ctx, message);
    return { items, nextCursor };
  }

  @MessagePattern(REQUESTS.metricVersions)
  async versions(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(MetricVersionsRequest)) message: z.infer<typeof MetricVersionsRequest>,
  ): Promise<Page<MetricV1>> {
    const { items, nextCursor } = await this.metrics.versions(ctx, message);
    return { items, nextCursor };
  }
}
