import { missingCapabilities, type ModelV1, noCapableModel, type ProgramVersionV1 } from '@dspy-nest/contracts';
import { ValidationFailedError } from '@dspy-nest/platform';

/** Those of the models that can do what a program needs; throws ValidationFailedError, which says what each lacks, for none. */
export function capableModels(
  { name, config }: Pick<ProgramVersionV1, 'name' | 'config'>,
  models: readonly ModelV1[],
): ModelV1[] {
  const requires = config.router?.requires ?? {};
  const capable = models.filter(({ capabilities }) => missingCapabilities(capabilities, requires).length === 0);
  if (capable.length > 0) return capable;
  const message = `Program "${name}" has no model to go to. ${noCapableModel(models, requires)}`;
  throw new ValidationFailedError(message, [{ pointer: '/adapter', code: 'no_capable_model', message }]);
}
