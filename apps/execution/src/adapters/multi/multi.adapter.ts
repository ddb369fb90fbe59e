import type { ExecutionCreateV1, ProgramVersionV1 } from '@dspy-nest/contracts';
import type { RequestContext } from '@dspy-nest/platform';
import { Injectable } from '@nestjs/common';
import { ProgramsClient } from '../../programs/programs.client';
import type { AskedModels, ExecutionAdapter } from '../execution-adapter';
import { namedModels } from '../named-models';
import { ensembleOf } from './ensemble';

/** Runs executions on the fleet, on all models of their program at once. */
@Injectable()
export class MultiAdapter implements ExecutionAdapter {
  readonly name = 'multi';

  constructor(private readonly programs: ProgramsClient) {}

  async models(
    ctx: RequestContext,
    program: ProgramVersionV1,
    request: Pick<ExecutionCreateV1, 'format'>,
  ): Promise<AskedModels> {
    const models = await namedModels(this.programs, ctx, program, 2);
    return { model: models[0]!, ensemble: ensembleOf(request, program, models) };
  }
}
