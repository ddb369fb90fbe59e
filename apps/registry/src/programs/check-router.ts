import { missingCapabilities, type ModelV1, noCapableModel } from '@dspy-nest/contracts';
import { ValidationFailedError } from '@dspy-nest/platform';
import type { ProgramContent } from './program-content';

/** Throws ValidationFailedError for a program of the adapter router of whose models none can do what it requires. */
export function checkRouter(
  { adapter, config }: Pick<ProgramContent, 'adapter' | 'config'>,
  models: readonly Pick<ModelV1, 'name' | 'capabilities'>[],
): void {
  const requires = config.router?.requires ?? {};
  const named = models.filter(({ name }) => config.models?.includes(name));
  if (adapter !== 'router' || named.some((one) => missingCapabilities(one.capabilities, requires).length === 0)) return;
  const message = noCapableModel(named, requires);
  const [pointer, code] = ['/config/router/requires', 'no_capable_model'];
  throw new ValidationFailedError(message, [{ pointer, code, message }]);
}
