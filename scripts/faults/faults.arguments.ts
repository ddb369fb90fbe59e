import { parseArgs } from 'node:util';

/** What `npm run verify:faults` was told. */
export interface FaultsArguments {
  /** Names of scenarios; empty means all. */
  readonly scenarios: readonly string[];
  readonly faults?: number;
  readonly executions?: number;
  readonly seed: number;
}

/** A flag that does not exist or has a value that cannot be used. */
export class FaultsArgumentsError extends Error {
  readonly code = 'arguments_invalid';
}

const OPTIONS = {
  scenario: { type: 'string', multiple: true },
  kills: { type: 'string' },
  executions: { type: 'string' },
  seed: { type: 'string' },
} as const;

/** Reads the flags; throws FaultsArgumentsError. `seed` is drawn when none is given. */
export function parseFaultsArguments(given: string[], known: readonly string[]): FaultsArguments {
  const { values } = parsed(given);
  const scenarios = values.scenario ?? [];
  const unknown = scenarios.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new FaultsArgumentsError(`--scenario ${unknown.join(', ')} is not known; allowed are ${known.join(', ')}.`);
  }
  return {
    scenarios,
    faults: wholeNumber('--kills', values.kills),
    executions: wholeNumber('--executions', values.executions),
    seed: wholeNumber('--seed', values.seed) ?? Math.floor(Math.random() * 2 ** 31),
  };
}

function parsed(given: string[]) {
  try {
    return parseArgs({ args: given, options: OPTIONS });
  } catch (error) {
    const allowed = Object.keys(OPTIONS).map((name) => `--${name}`);
    throw new FaultsArgumentsError(`${(error as Error).message} Allowed are ${allowed.join(', ')}.`);
  }
}

function wholeNumber(flag: string, given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  if (/^\d{1,9}$/.test(given)) return Number(given);
  throw new FaultsArgumentsError(`${flag} is ${JSON.stringify(given)}; allowed is a whole number.`);
}
