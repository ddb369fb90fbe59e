import type { ModelCallsV1 } from '@dspy-nest/contracts';
import type { RequestContext } from '@dspy-nest/platform';
import { Injectable } from '@nestjs/common';
import { ExecutionsService } from '../executions/executions.service';
import { type ListedCalls, ModelCallsRepository } from './model-calls.repository';

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

  /**
   * The calls of executions that are known to be there, in any order; those without any are left out. Of several executions the
   * large ones are null, for a page of them would be gigabytes.
   */
  async ofSome(ctx: RequestContext, ids: readonly string[]): Promise<ListedCalls[]> {
    const [id, ...others] = ids;
    if (id === undefined || others.length > 0) return this.calls.listMany(ctx.tenant, ids);
    const calls = await this.calls.find(ctx.tenant, id);
    return calls === null ? [] : [{ id, calls }];
  }
}
