/** The flags of `npm start`. */
export interface StartArguments {
  /** Run the demo, then stop. */
  readonly once: boolean;
  /** Print the last execution as one JSON line; everything else goes to stderr. */
  readonly json: boolean;
  /** No demo. */
  readonly empty: boolean;
}

/** A flag that does not exist, or flags that exclude each other. */
export class StartArgumentsError extends Error {
  readonly code = 'arguments_invalid';
}

/** Reads the flags; throws StartArgumentsError. */
export function parseStartArguments(given: readonly string[]): StartArguments {
  const known = ['--once', '--json', '--empty'];
  const unknown = given.filter((flag) => !known.includes(flag));
  if (unknown.length > 0) {
    throw new StartArgumentsError(`npm start does not know ${unknown.join(' ')}; allowed are ${known.join(', ')}.`);
  }
  const [once = false, json = false, empty = false] = known.map((flag) => given.includes(flag));
  if (once && empty) throw new StartArgumentsError('--once runs the demo and --empty leaves it out: give one of them.');
  return { once, json, empty };
}
