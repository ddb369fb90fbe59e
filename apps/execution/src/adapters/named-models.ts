import type { ModelV1, ProgramVersionV1 } from '@dspy-nest/contracts';
import { type RequestContext, ValidationFailedError } from '@dspy-nest/platform';
import type { ProgramsClient } from '../programs/programs.client';

/** The models in `config.models` of a program, each once. Rejects with ValidationFailedError where there are less than `atLeast`. */
export async function namedModels(
  programs: ProgramsClient,
  ctx: RequestContext,
  { name, config }: ProgramVersionV1,
  atLeast: number,
): Promise<ModelV1[]> {
  const names = [...new Set(config.models)];
  if (names.length < atLeast) throw tooFewModels(name, atLeast);
  return Promise.all(names.map((model) => programs.model(ctx, model)));
}

function tooFewModels(program: string, atLeast: number): ValidationFailedError {
  const message =
    atLeast === 1
      ? `Program "${program}" names no models to choose from; give it "config.models", or use another adapter.`
      : `Program "${program}" names less than ${atLeast} models; give it more in "config.models", or use another adapter.`;
  return new ValidationFailedError(message, [{ pointer: '/adapter', code: 'no_models', message }]);
}
