import { parseArgs } from 'node:util';

/** What `npm run bench` was told. */
export interface BenchArguments {
  readonly suite: 'latency' | (typeof OWN_RUNS)[number];
  /** A short run that shows that it works, and how large things are. */
  readonly quick: boolean;
  /** File that gets all figures as JSON. */
  readonly json: string | undefined;
}

/** A flag that does not exist, or flags that exclude each other. */
export class BenchArgumentsError extends Error {
  readonly code = 'arguments_invalid';
}

const OWN_RUNS = ['growth', 'workers', 'apis', 'stream', 'native'] as const;
const NAMES = '--growth, --workers, --apis, --stream and --native';
const ALLOWED = `allowed are --quick, --json <file> and one of ${NAMES}`;

/** Reads the flags; throws BenchArgumentsError. */
export function parseBenchArguments(given: readonly string[]): BenchArguments {
  const { quick, json, ...runs } = parse(given);
  const [suite = 'latency', ...others] = OWN_RUNS.filter((name) => runs[name]);
  if (others.length > 0) throw new BenchArgumentsError(`${NAMES} are runs of their own: give one of them.`);
  return { suite, quick, json };
}

function parse(given: readonly string[]) {
  const flag = { type: 'boolean', default: false } as const;
  try {
    const options = {
      quick: flag,
      growth: flag,
      workers: flag,
      apis: flag,
      stream: flag,
      native: flag,
      json: { type: 'string' },
    } as const;
    return parseArgs({ args: [...given], options }).values;
  } catch (error) {
    throw new BenchArgumentsError(`${(error as Error).message}; ${ALLOWED}.`, { cause: error });
  }
}
