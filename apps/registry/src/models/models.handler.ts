import {
  ModelConnectV1,
  ModelCreateV1,
  ModelDeleteV1,
  ModelRefV1,
  ModelUpdateV1,
  PageRequest,
  REQUESTS,
  type ModelConnectionV1,
  type ModelV1,
  type Page,
} from '@dspy-nest/contracts';
import { ContractPipe, RequestCtx } from '@dspy-nest/messaging';
import type { RequestContext } from '@dspy-nest/platform';
import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { ModelsService } from './models.service';

/** Models over NATS. */
@Controller()
export class ModelsHandler {
  constructor(private readonly models: ModelsService) {}

  @MessagePattern(REQUESTS.modelCreate)
  create(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(ModelCreateV1)) message: ModelCreateV1,
  ): Promise<ModelV1> {
    return this.models.create(ctx, message);
  }

  @MessagePattern(REQUESTS.modelUpdate)
  update(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(ModelUpdateV1)) message: ModelUpdateV1,
  ): Promise<ModelV1> {
    return this.models.update(ctx, message);
  }

  @MessagePattern(REQUESTS.modelDelete)
  delete(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(ModelDeleteV1)) message: ModelDeleteV1,
  ): Promise<ModelV1> {
    return this.models.delete(ctx, message);
  }

  @MessagePattern(REQUESTS.modelGet)
  get(@RequestCtx() ctx: RequestContext, @Payload(new ContractPipe(ModelRefV1)) message: ModelRefV1): Promise<ModelV1> {
    return this.models.get(ctx, message);
  }

  @MessagePattern(REQUESTS.modelList)
  async list(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(PageRequest)) message: PageRequest,
  ): Promise<Page<ModelV1>> {
    const { items, nextCursor } = await this.models.list(ctx, message);
    return { items, nextCursor };
  }

  @MessagePattern(REQUESTS.modelConnect)
  connect(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(ModelConnectV1)) message: ModelConnectV1,
  ): Promise<ModelConnectionV1> {
    return this.models.connect(ctx, message);
  }
}
