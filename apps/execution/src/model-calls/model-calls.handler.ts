import { ExecutionRefV1, type ModelCallsV1, REQUESTS } from '@dspy-nest/contracts';
import { ContractPipe, RequestCtx } from '@dspy-nest/messaging';
import type { RequestContext } from '@dspy-nest/platform';
import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { ModelCallsService } from './model-calls.service';

/** The request about model calls. */
@Controller()
export class ModelCallsHandler {
  constructor(private readonly calls: ModelCallsService) {}

  @MessagePattern(REQUESTS.executionCalls)
  get(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(ExecutionRefV1)) { id }: ExecutionRefV1,
  ): Promise<ModelCallsV1> {
    return this.calls.get(ctx, id);
  }
}
