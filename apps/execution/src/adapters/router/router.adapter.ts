import type { ModelV1, ProgramVersionV1 } from '@dspy-nest/contracts';
import type { RequestContext } from '@dspy-nest/platform';
import { Injectable } from '@nestjs/common';
import type { ExecutionEntity } from '../../executions/execution.entity';
import { ProgramsClient } from '../../programs/programs.client';
import type { AskedModels, ExecutionAdapter } from '../execution-adapter';
import { namedModels } from '../named-models';
import { cheapestFirst } from './cheapest-first';
import { ModelHealth, type ModelKey } from './model-health';

/** Runs executions on the fleet, on the cheapest model of their program that is well; where none is, on the cheapest. */
@Injectable()
export class RouterAdapter implements ExecutionAdapter {
  readonly name = 'router';
  private readonly health = new ModelHealth();

  constructor(private readonly programs: ProgramsClient) {}

  async models(ctx: RequestContext, program: ProgramVersionV1): Promise<AskedModels> {
    const models = cheapestFirst(await namedModels(this.programs, ctx, program, 1));
    const keyOf = ({ id, version }: ModelV1): ModelKey => ({ tenant: ctx.tenant, modelId: id, modelVersion: version });
    const model = models.find((one) => this.health.isWell(keyOf(one))) ?? models[0]!;
    this.health.take(keyOf(model));
    return { model, ensemble: null };
  }

  learn(ended: ExecutionEntity): void {
    this.health.record(ended);
  }
}
