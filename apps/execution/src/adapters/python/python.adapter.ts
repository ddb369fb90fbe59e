import type { ProgramVersionV1 } from '@dspy-nest/contracts';
import type { RequestContext } from '@dspy-nest/platform';
import { Injectable } from '@nestjs/common';
import { ProgramsClient } from '../../programs/programs.client';
import type { AskedModels, ExecutionAdapter } from '../execution-adapter';

/** Runs executions on the fleet, on the model of their program. */
@Injectable()
export class PythonAdapter implements ExecutionAdapter {
  readonly name = 'python';

  constructor(private readonly programs: ProgramsClient) {}

  async models(ctx: RequestContext, { model }: ProgramVersionV1): Promise<AskedModels> {
    return { model: await this.programs.model(ctx, model), ensemble: null };
  }
}
