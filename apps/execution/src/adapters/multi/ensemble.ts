import type { Ensemble, ExecutionCreateV1, ModelV1, ProgramVersionV1 } from '@dspy-nest/contracts';
import { formatFor } from '../../dispatch/execution-plan';

/**
 * What the adapter multi asks of two or more models: as `config.multi` of the program says, else the first valid answer. A vote
 * that names no outputs is about the last one, as that of the module Majority.
 */
export function ensembleOf(
  request: Pick<ExecutionCreateV1, 'format'>,
  program: Pick<ProgramVersionV1, 'signature' | 'format' | 'config'>,
  models: readonly ModelV1[],
): Ensemble {
  const { strategy, fields } = program.config.multi ?? { strategy: 'first' };
  const last = program.signature.outputs.slice(-1).map(({ name }) => name);
  return {
    strategy,
    fields: fields ?? (strategy === 'vote' ? last : []),
    models: models.map((model) => asked(request, program, model)),
  };
}

/** What the adapter router asks one after the other while they are away; null where there is one model alone. */
export function chainOf(
  request: Pick<ExecutionCreateV1, 'format'>,
  program: Pick<ProgramVersionV1, 'format'>,
  models: readonly ModelV1[],
): Ensemble | null {
  if (models.length === 1) return null;
  return { strategy: 'chain', fields: [], models: models.map((model) => asked(request, program, model)) };
}

function asked(
  request: Pick<ExecutionCreateV1, 'format'>,
  program: Pick<ProgramVersionV1, 'format'>,
  model: ModelV1,
): Ensemble['models'][number] {
  return { id: model.id, version: model.version, name: model.name, format: formatFor(request, program, model) };
}
