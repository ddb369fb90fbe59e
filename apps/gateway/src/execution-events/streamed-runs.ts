import type { Socket } from 'node:net';
import { Injectable } from '@nestjs/common';
import type { ExecutionCreateV1, ExecutionV1 } from '@dspy-nest/contracts';
import type { RequestContext } from '@dspy-nest/platform';
import { ExecutionsClient } from '../executions/executions.client';
import { ExecutionEvents } from './execution-events.service';
import type { FollowedExecution } from './followed-execution';

/** An execution that its caller follows. */
export interface StreamedRun {
  readonly id: string;
  readonly events: FollowedExecution;
}

/** Executions whose callers wait for them as others do, and are told meanwhile what happens. */
@Injectable()
export class StreamedRuns {
  constructor(
    private readonly executions: ExecutionsClient,
    private readonly events: ExecutionEvents,
  ) {}

  /**
   * Runs an execution for the client of a connection; resolves when there is something to tell of it, and rejects when it was
   * refused. That the client goes is told to the execution service until the outcome is there, or `leaving` is called back.
   */
  async begin(
    ctx: RequestContext,
    message: ExecutionCreateV1,
    socket: Socket,
    leaving: (stopWatching: () => void) => void,
  ): Promise<StreamedRun> {
    const followed = await this.events.expect(ctx, message.id);
    const outcome = this.executions.createAndWait(ctx, message, socket, leaving);
    try {
      // An outcome that is not there in time is found by its stored state.
      const known = await Promise.race([outcome, followed.begun()]);
      if (known !== undefined && known.id !== message.id) return await this.again(ctx, known, followed);
    } catch (error) {
      await followed.return();
      throw error;
    } finally {
      outcome.then(
        (execution) => followed.end(execution),
        () => followed.moved(),
      );
    }
    return { id: message.id, events: followed };
  }

  /** What was asked for under its key before. */
  private async again(ctx: RequestContext, { id }: ExecutionV1, expected: FollowedExecution): Promise<StreamedRun> {
    await expected.return();
    return { id, events: await this.events.follow(ctx, id, 0) };
  }
}
