import { ValidationFailedError } from '@dspy-nest/platform';
import type { ExecutionAdapter } from './execution-adapter';

/** What `auto` stands for. */
export const DEFAULT_ADAPTER = 'python';

/** The adapters of this service, by name. */
export class Adapters {
  private readonly byName = new Map<string, ExecutionAdapter>();

  constructor(adapters: readonly ExecutionAdapter[]) {
    for (const adapter of adapters) this.register(adapter);
  }

  /** Adds an adapter, in the place of one of its name. */
  register(adapter: ExecutionAdapter): void {
    this.byName.set(adapter.name, adapter);
  }

  /** The adapter of a name, which may be `auto`. Throws ValidationFailedError for one that is not there. */
  of(name: string): ExecutionAdapter {
    const adapter = this.byName.get(name === 'auto' ? DEFAULT_ADAPTER : name);
    if (adapter !== undefined) return adapter;
    const message = `There is no adapter "${name}"; there are ${[...this.byName.keys()].join(', ')}.`;
    throw new ValidationFailedError(message, [{ pointer: '/adapter', code: 'unknown_adapter', message }]);
  }

  /** The adapter of an execution; undefined for one that was taken out since. */
  find(name: string): ExecutionAdapter | undefined {
    return this.byName.get(name);
  }
}
