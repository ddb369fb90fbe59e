import type { Ensemble, ExecutionCreateV1, ModelV1, ProgramVersionV1 } from '@dspy-nest/contracts';
import { type RequestContext, ValidationFailedError } from '@dspy-nest/platform';
import { Injectable } from '@nestjs/common';
import { ProgramsClient, type RunnableProgram } from '../programs/programs.client';
import { cheapestFirst } from './cheapest-first';
import { ensembleOf } from './ensemble';
import { ModelHealth, type ModelKey } from './model-health';

type Asked = Pick<ExecutionCreateV1, 'program' | 'version' | 'model' | 'adapter' | 'format'>;

/** What an execution runs: a program, the model it asks, and all of them where it asks several, that one first. */
export type Routed = RunnableProgram & { readonly model: ModelV1; readonly ensemble: Ensemble | null };

/** Decides which models an execution asks. */
@Injectable()
export class ModelRouter {
  constructor(
    private readonly programs: ProgramsClient,
    private readonly health: ModelHealth,
  ) {}

  /**
   * The program that is asked for, and the model it runs on: the one that the call names, or the program; of a routed program
   * the cheapest that is well. Where none is well the cheapest is asked all the same. With the adapter multi all models of the
   * program are asked. Rejects with the registry's errors, or ValidationFailedError where there are too few models.
   */
  async resolve(ctx: RequestContext, request: Asked): Promise<Routed> {
    const runnable = await this.programs.resolve(ctx, request.program, request.version);
    const { program } = runnable;
    const adapter = request.adapter ?? program.adapter;
    if (request.model === undefined && adapter === 'multi') {
      const models = await this.modelsOf(ctx, program, 2);
      return { ...runnable, model: models[0]!, ensemble: ensembleOf(request, program, models) };
    }
    const model =
      request.model === undefined && adapter === 'router'
        ? await this.choose(ctx, program)
        : await this.programs.model(ctx, request.model ?? program.model);
    return { ...runnable, model, ensemble: null };
  }

  private modelsOf(ctx: RequestContext, { name, config }: ProgramVersionV1, atLeast: number): Promise<ModelV1[]> {
    const names = [...new Set(config.models)];
    if (names.length < atLeast) throw tooFewModels(name, atLeast);
    return Promise.all(names.map((model) => this.programs.model(ctx, model)));
  }

  private async choose(ctx: RequestContext, program: ProgramVersionV1): Promise<ModelV1> {
    const models = cheapestFirst(await this.modelsOf(ctx, program, 1));
    const keyOf = ({ id, version }: ModelV1): ModelKey => ({
      tenant: ctx.tenant,
      modelId: id,
      modelVersion: version,
    });
    const chosen = models.find((model) => this.health.isWell(keyOf(model))) ?? models[0]!;
    this.health.take(keyOf(chosen));
    return chosen;
  }
}

function tooFewModels(program: string, atLeast: number): ValidationFailedError {
  const message =
    atLeast === 1
      ? `Program "${program}" names no models to choose from; give it "config.models", or use another adapter.`
      : `Program "${program}" names less than ${atLeast} models; give it more in "config.models", or use another adapter.`;
  return new ValidationFailedError(message, [{ pointer: '/adapter', code: 'no_models', message }]);
}
