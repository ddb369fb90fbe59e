import { Injectable } from '@nestjs/common';
import {
  REQUESTS,
  type ModelCreateV1,
  type ModelDeleteV1,
  type ModelUpdateV1,
  type ModelV1,
  type Page,
  type PageRequest,
} from '@dspy-nest/contracts';
import { RequestClient } from '@dspy-nest/messaging';
import type { RequestContext } from '@dspy-nest/platform';

/** Models, as the registry keeps them; what comes back never carries a key. */
@Injectable()
export class ModelsClient {
  constructor(private readonly requests: RequestClient) {}

  create(ctx: RequestContext, message: ModelCreateV1): Promise<ModelV1> {
    return this.requests.request(ctx, REQUESTS.modelCreate, message);
  }

  update(ctx: RequestContext, message: ModelUpdateV1): Promise<ModelV1> {
    return this.requests.request(ctx, REQUESTS.modelUpdate, message);
  }

  async delete(ctx: RequestContext, message: ModelDeleteV1): Promise<void> {
    await this.requests.request(ctx, REQUESTS.modelDelete, message);
  }

  get(ctx: RequestContext, name: string): Promise<ModelV1> {
    return this.requests.request(ctx, REQUESTS.modelGet, { name });
  }

  list(ctx: RequestContext, page: PageRequest): Promise<Page<ModelV1>> {
    return this.requests.request(ctx, REQUESTS.modelList, page);
  }
}
