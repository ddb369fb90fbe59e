import { parseArgs } from 'node:util';

/** What `npm run bench` was told. */
export interface BenchArguments {
  readonly suite: 'latency' | 'growth' | 'workers';
  /** A short run that shows that it works, and how large things are. */
  readonly quick: boolean;
  /** File that gets all figures as JSON. */
  readonly json: string | undefined;
}

/** A flag that does not exist, or flags that exclude each other. */
export class BenchArgumentsError extends Error {
  readonly code = 'arguments_invalid';
}

const ALLOWED = 'allowed are --quick, --json <file> and one of --growth and --workers';

/** Reads the flags; throws BenchArgumentsError. */
export function parseBenchArguments(given: readonly string[]): BenchArguments {
  const { quick, growth, workers, json } = parse(given);
  if (growth && workers)
    throw new BenchArgumentsError('--growth and --workers are runs of their own: give one of them.');
  return { suite: growth ? 'growth' : workers ? 'workers' : 'latency', quick, json };
}

function parse(given: readonly string[]) {
  const flag = { type: 'boolean', default: false } as const;
  try {
    const options = { quick: flag, growth: flag, workers: flag, json: { type: 'string' } } as const;
    return parseArgs({ args: [...given], options }).values;
  } catch (error) {
    throw new BenchArgumentsError(`${(error as Error).message}; ${ALLOWED}.`, { cause: error });
  }
}
