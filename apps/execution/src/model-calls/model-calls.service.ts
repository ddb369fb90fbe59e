import type { ModelCallsV1, ModelCallV1 } from '@dspy-nest/contracts';
import type { RequestContext } from '@dspy-nest/platform';
import { Injectable } from '@nestjs/common';
import { ExecutionsService } from '../executions/executions.service';
import { ModelCallsRepository } from './model-calls.repository';

/** What an execution asked of its model, as long as that is kept. */
@Injectable()
export class ModelCallsService {
  constructor(
    private readonly calls: ModelCallsRepository,
    private readonly executions: ExecutionsService,
  ) {}

  /** The calls of an execution; none once they are kept no more. Rejects with ExecutionNotFoundError. */
  async get(ctx: RequestContext, id: string): Promise<ModelCallsV1> {
    const items = await this.calls.find(ctx.tenant, id);
    if (items === null) await this.executions.get(ctx, id);
    return { items: items ?? [] };
  }

  /** The calls of an execution that is known to be there. */
  async of(ctx: RequestContext, id: string): Promise<ModelCallV1[]> {
    return (await this.calls.find(ctx.tenant, id)) ?? [];
  }
}
