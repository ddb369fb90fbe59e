import { OptimizationPublishV1, REQUESTS, type OptimizationV1 } from '@dspy-nest/contracts';
import { ContractPipe, RequestCtx } from '@dspy-nest/messaging';
import type { RequestContext } from '@dspy-nest/platform';
import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { OptimizationPublications } from './optimization-publications.service';

/** The request to publish a candidate. */
@Controller()
export class OptimizationPublicationsHandler {
  constructor(private readonly publications: OptimizationPublications) {}

  @MessagePattern(REQUESTS.optimizationPublish)
  publish(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(OptimizationPublishV1)) request: OptimizationPublishV1,
  ): Promise<OptimizationV1> {
    return this.publications.publish(ctx, request);
  }
}
