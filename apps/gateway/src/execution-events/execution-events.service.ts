import { Injectable } from '@nestjs/common';
import type { RequestContext } from '@dspy-nest/platform';
import { ExecutionsClient } from '../executions/executions.client';
import { ExecutionWatch } from './execution-watch';
import { FollowedExecution } from './followed-execution';

/** What happens to one execution, as it happens. */
@Injectable()
export class ExecutionEvents {
  constructor(
    private readonly executions: ExecutionsClient,
    private readonly watch: ExecutionWatch,
  ) {}

  /** Follows an execution from after an event on. Throws what reading the execution throws, and ServiceUnavailableError. */
  async follow(ctx: RequestContext, id: string, after: number): Promise<FollowedExecution> {
    const watched: { end?: () => void } = {};
    const followed = new FollowedExecution(
      () => this.executions.get(ctx, id),
      after,
      () => watched.end?.(),
    );
    // Before it is read, so that no move falls between.
    watched.end = await this.watch.watch(ctx.tenant, id, () => followed.moved());
    try {
      await followed.look();
    } catch (error) {
      watched.end();
      throw error;
    }
    return followed;
  }
}
