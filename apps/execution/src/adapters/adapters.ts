import type { ExecutionV1 } from '@dspy-nest/contracts';

type AdapterName = ExecutionV1['adapter'];

/** What runs the executions of an adapter: the fleet of Python workers, or this service itself. */
export type Runner = 'fleet' | 'native';

/** How models are asked without a worker. */
export const NATIVE_FORMAT = 'json';

/** What runs each adapter. One that runs by itself is a folder here and a line. */
const RUNNERS: Readonly<Record<AdapterName, Runner>> = {
  auto: 'fleet',
  python: 'fleet',
  multi: 'fleet',
  router: 'fleet',
  native: 'native',
};

/** What runs an accepted execution. */
export function runnerOf({ adapter }: { readonly adapter: AdapterName }): Runner {
  return RUNNERS[adapter];
}
