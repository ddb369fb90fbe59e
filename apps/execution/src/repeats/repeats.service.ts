import type { ExecutionRepeatV1, ExecutionV1, RecordingV1 } from '@dspy-nest/contracts';
import { keyedRequest } from '@dspy-nest/persistence';
import type { RequestContext } from '@dspy-nest/platform';
import { Injectable } from '@nestjs/common';
import { type ExecutionEntity, toExecution } from '../executions/execution.entity';
import { ExecutionNotFoundError } from '../executions/executions.errors';
import { ExecutionsRepository } from '../executions/executions.repository';
import { ExecutionsService } from '../executions/executions.service';
import { IdempotencyService } from '../idempotency/idempotency.service';
import { AcceptanceService } from '../lifecycle/acceptance.service';
import { ModelCallsRepository } from '../model-calls/model-calls.repository';
import { ProgramsClient } from '../programs/programs.client';
import { replayRow, rerunRequest } from './repeat-rows';
import { callsOfAnswer, whyNotReplayable } from './replayable';
import { NotReplayableError } from './repeats.errors';

/** Executions that do another again. */
@Injectable()
export class RepeatsService {
  constructor(
    private readonly service: ExecutionsService,
    private readonly executions: ExecutionsRepository,
    private readonly calls: ModelCallsRepository,
    private readonly programs: ProgramsClient,
    private readonly idempotency: IdempotencyService,
    private readonly acceptance: AcceptanceService,
  ) {}

  /** Asks the model anew what an execution asked it. Rejects with ExecutionNotFoundError, or as `create` of executions does. */
  async rerun(ctx: RequestContext, asked: ExecutionRepeatV1): Promise<ExecutionV1> {
    return this.service.create(ctx, rerunRequest(asked, await this.stored(ctx.tenant, asked.of)));
  }

  /**
   * Runs an execution on the model answers that were recorded of it; of a replay, on those of its original. Rejects with
   * ExecutionNotFoundError, NotReplayableError, or as `create` of executions does.
   */
  async replay(ctx: RequestContext, asked: ExecutionRepeatV1): Promise<ExecutionV1> {
    const keyed = keyedRequest(ctx, 'execution.replay', { of: asked.of, wait: asked.wait });
    const begin = async (): Promise<ExecutionEntity> => {
      const row = replayRow(ctx, asked, await this.replayable(ctx, asked.of), new Date());
      // It asks no model, so the limit of its program does not bind it.
      const accepted = { row, maxConcurrency: undefined, keyed };
      return asked.wait ? this.acceptance.run(accepted) : this.acceptance.enqueue(accepted);
    };
    return toExecution(await (keyed === undefined ? begin() : this.idempotency.once(keyed, asked.wait, begin)));
  }

  /** What a worker replays an execution from. Rejects with ExecutionNotFoundError or NotReplayableError. */
  async recording(ctx: RequestContext, id: string): Promise<RecordingV1> {
    const of = await this.stored(ctx.tenant, id);
    const calls = await this.calls.find(ctx.tenant, id);
    if (calls === null) throw new NotReplayableError(id, 'its model calls are not kept any more; run it again instead');
    return { calls: callsOfAnswer(of, calls), outputs: of.outputs };
  }

  private async replayable(ctx: RequestContext, id: string): Promise<ExecutionEntity> {
    const named = await this.stored(ctx.tenant, id);
    const of = named.replayOf === null ? named : await this.stored(ctx.tenant, named.replayOf);
    const { program } = await this.programs.resolve(ctx, of.programId, of.version);
    const calls = callsOfAnswer(of, (await this.calls.find(ctx.tenant, of.id)) ?? []);
    const why = whyNotReplayable(of, calls, program.config.tools?.length ?? 0);
    if (why !== undefined) throw new NotReplayableError(of.id, why);
    return of;
  }

  private async stored(tenant: string, id: string): Promise<ExecutionEntity> {
    const row = await this.executions.find(tenant, id);
    if (row === null) throw new ExecutionNotFoundError(id);
    return row;
  }
}
