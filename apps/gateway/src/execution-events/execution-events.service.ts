import { Injectable } from '@nestjs/common';
import { TokenLog } from '@dspy-nest/messaging';
import type { RequestContext } from '@dspy-nest/platform';
import { ExecutionsClient } from '../executions/executions.client';
import { ExecutionWatch } from './execution-watch';
import { FollowedExecution, type ExecutionSource } from './followed-execution';

/** What happens to one execution, as it happens. */
@Injectable()
export class ExecutionEvents {
  constructor(
    private readonly executions: ExecutionsClient,
    private readonly watch: ExecutionWatch,
    private readonly tokens: TokenLog,
  ) {}

  /** Follows an execution from after an event on. Throws what reading the execution throws, and ServiceUnavailableError. */
  async follow(ctx: RequestContext, id: string, after: number): Promise<FollowedExecution> {
    // Watched before it is read, so that no move falls between.
    const followed = await this.watched(ctx, id, after);
    try {
      await followed.look();
      return followed;
    } catch (error) {
      await followed.return();
      throw error;
    }
  }

  /** Follows an execution that is about to be asked for, under a new id. Throws ServiceUnavailableError. */
  async expect(ctx: RequestContext, id: string): Promise<FollowedExecution> {
    const followed = await this.watched(ctx, id, 0);
    followed.listen();
    return followed;
  }

  private async watched(ctx: RequestContext, id: string, after: number): Promise<FollowedExecution> {
    const watched: { end?: () => void } = {};
    const followed = new FollowedExecution(this.sourceOf(ctx, id), after, () => watched.end?.());
    watched.end = await this.watch.watch(ctx.tenant, id, () => followed.moved());
    return followed;
  }

  private sourceOf(ctx: RequestContext, id: string): ExecutionSource {
    const { tenant } = ctx;
    return {
      read: () => this.executions.get(ctx, id),
      tokens: (after) => this.tokens.read(tenant, id, after),
      lastToken: () => this.tokens.last(tenant, id),
      listen: (listener) => this.tokens.listen(tenant, id, listener),
    };
  }
}
