import type { ModelCallsV1, ModelCallV1 } from '@dspy-nest/contracts';
import type { RequestContext } from '@dspy-nest/platform';
import { Injectable } from '@nestjs/common';
import { ExecutionsService } from '../executions/executions.service';
import { ModelCallsRepository } from './model-calls.repository';

/** The calls of one execution. */
export interface ExecutionCalls {
  readonly id: string;
  readonly calls?: ModelCallV1[];
}

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

  /** The calls of executions that are known to be there, in any order; those without any are left out. */
  async ofMany(ctx: RequestContext, ids: readonly string[]): Promise<ExecutionCalls[]> {
    const found = await this.calls.findMany(ctx.tenant, ids);
    return found.map(({ executionId, calls }) => ({ id: executionId, calls }));
  }
}
