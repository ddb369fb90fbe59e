import type { ExecutionCreateV1, ModelV1, ProgramVersionV1 } from '@dspy-nest/contracts';
import { type RequestContext, ValidationFailedError } from '@dspy-nest/platform';
import { Injectable } from '@nestjs/common';
import { ProgramsClient, type RunnableProgram } from '../programs/programs.client';
import { cheapestFirst } from './cheapest-first';
import { ModelHealth, type ModelKey } from './model-health';

type Asked = Pick<ExecutionCreateV1, 'program' | 'version' | 'model' | 'adapter'>;

/** Decides which model an execution asks. */
@Injectable()
export class ModelRouter {
  constructor(
    private readonly programs: ProgramsClient,
    private readonly health: ModelHealth,
  ) {}

  /**
   * The program that is asked for, and the model it runs on: the one that the call names, or the program; of a routed program
   * the cheapest that is well. Where none is well the cheapest is asked all the same. Rejects with the registry's errors, or
   * ValidationFailedError where there is nothing to choose from.
   */
  async resolve(ctx: RequestContext, request: Asked): Promise<RunnableProgram & { model: ModelV1 }> {
    const runnable = await this.programs.resolve(ctx, request.program, request.version);
    const isRouted = (request.adapter ?? runnable.program.adapter) === 'router' && request.model === undefined;
    const model = isRouted
      ? await this.choose(ctx, runnable.program)
      : await this.programs.model(ctx, request.model ?? runnable.program.model);
    return { ...runnable, model };
  }

  private async choose(ctx: RequestContext, program: ProgramVersionV1): Promise<ModelV1> {
    const names = program.config.models;
    if (names === undefined) throw nothingToChooseFrom(program.name);
    const models = cheapestFirst(await Promise.all(names.map((name) => this.programs.model(ctx, name))));
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

function nothingToChooseFrom(program: string): ValidationFailedError {
  const message = `Program "${program}" names no models to choose from; give it "config.models", or use another adapter.`;
  return new ValidationFailedError(message, [{ pointer: '/adapter', code: 'no_models', message }]);
}
