const unstorable = /[\0\p{Surrogate}]/u;

/** Whether JSON brings a text to every process and column: no U+0000, no half of a surrogate pair. */
export const isCarriableText = (text: string): boolean => !unstorable.test(text);

/** Whether JSON brings a value to every process as it is: no NaN, no integer that a double rounds, no text that cannot be stored. */
export function isCarriable(value: unknown): boolean {
  const open = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next !== 'object' || next === null) {
      if (!isCarriableScalar(next)) return false;
      continue;
    }
    for (const [name, member] of Object.entries(next)) {
      if (!isCarriableText(name)) return false;
      open.push(member);
    }
  }
  return true;
}

function isCarriableScalar(value: unknown): boolean {
  if (typeof value === 'string') return isCarriableText(value);
  if (typeof value === 'number')
    return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
  return value === null || typeof value === 'boolean';
}

/** Whether a value is true, false or a number that JSON carries as it is. */
export const isScalar = (value: unknown): value is number | boolean =>
  (typeof value === 'number' || typeof value === 'boolean') && isCarriableScalar(value);
