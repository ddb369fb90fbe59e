const IDENTIFIER = /^[a-z_][a-z0-9_]{0,62}$/;

/** A name quoted for SQL; throws RangeError unless it is lower-case letters, digits and "_". */
export function quoteIdentifier(name: string): string {
  if (!IDENTIFIER.test(name)) {
    throw new RangeError(
      `"${name}" is no SQL name here: use lower-case letters, digits and "_", starting with a letter.`,
    );
  }
  return `"${name}"`;
}
