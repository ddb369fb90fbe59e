import type { ExecutionCreateV1 } from '@dspy-nest/contracts';
import type { RequestContext } from '@dspy-nest/platform';
import { Injectable } from '@nestjs/common';
import { ProgramsClient, type RunnableProgram } from '../programs/programs.client';
import { Adapters } from './adapters';
import type { AskedModels, ExecutionAdapter } from './execution-adapter';

type Asked = Pick<ExecutionCreateV1, 'program' | 'version' | 'model' | 'adapter' | 'format'>;

/** What an execution runs: a program, in an adapter, on what models. */
export type Routed = RunnableProgram & AskedModels & { readonly adapter: ExecutionAdapter };

/** Decides which models an execution asks. */
@Injectable()
export class ModelRouter {
  constructor(
    private readonly programs: ProgramsClient,
    private readonly adapters: Adapters,
  ) {}

  /**
   * The program that is asked for, its adapter, and the model it runs on: the one that the call names, or what the adapter has
   * for the program. Rejects with the registry's errors, or ValidationFailedError where that is nothing.
   */
  async resolve(ctx: RequestContext, request: Asked): Promise<Routed> {
    const runnable = await this.programs.resolve(ctx, request.program, request.version);
    const adapter = this.adapters.of(request.adapter ?? runnable.program.adapter);
    if (request.model === undefined) {
      return { ...runnable, adapter, ...(await adapter.models(ctx, runnable.program, request)) };
    }
    return { ...runnable, adapter, model: await this.programs.model(ctx, request.model), ensemble: null };
  }
}
