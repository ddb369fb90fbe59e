import type { ExecutionCreateV1, ModelV1, ProgramVersionV1 } from '@dspy-nest/contracts';
import type { RequestContext } from '@dspy-nest/platform';
import { Injectable } from '@nestjs/common';
import type { ExecutionEntity } from '../../executions/execution.entity';
import { ProgramsClient } from '../../programs/programs.client';
import type { AskedModels, ExecutionAdapter } from '../execution-adapter';
import { namedModels } from '../named-models';
import { chainOf } from '../multi/ensemble';
import { capableModels } from './capable-models';
import type { ModelKey } from './found-models';
import { ModelHealth } from './model-health';
import { modelsInOrder } from './model-order';

/**
 * Runs executions on the fleet, on the cheapest model of their program that can do what it needs, is well and quick enough, and on
 * the others while that is away; where none is well, on the cheapest that can.
 */
@Injectable()
export class RouterAdapter implements ExecutionAdapter {
  readonly name = 'router';
  private readonly health = new ModelHealth();

  constructor(private readonly programs: ProgramsClient) {}

  async models(
    ctx: RequestContext,
    program: ProgramVersionV1,
    request: Pick<ExecutionCreateV1, 'format'>,
  ): Promise<AskedModels> {
    const named = await namedModels(this.programs, ctx, program, 1);
    const keyOf = ({ id, version }: ModelV1): ModelKey => ({ tenant: ctx.tenant, modelId: id, modelVersion: version });
    const { maxP95Ms } = program.config.router ?? {};
    const capable = capableModels(program, named);
    const models = modelsInOrder(capable, (model) => this.health.stateOf(keyOf(model)), maxP95Ms);
    this.health.take(keyOf(models[0]!));
    return { model: models[0]!, ensemble: chainOf(request, program, models) };
  }

  learn(ended: ExecutionEntity): void {
    this.health.record(ended);
  }
}
