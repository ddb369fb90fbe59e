/** One setting of a kind of metric: whether it must be there, and what is wrong with a value. */
export interface Setting {
  readonly required: boolean;
  /** The rule in words, if the value breaks it. */
  fault(value: unknown): string | undefined;
}

/** A number that is not below zero. */
export function amount(required = false): Setting {
  return { required, fault: (value) => (isAmount(value) ? undefined : 'must be a number that is not below 0') };
}

/** A number above zero. */
export function positive(required = false): Setting {
  return {
    required,
    fault: (value) => (isAmount(value) && value > 0 ? undefined : 'must be a number above 0'),
  };
}

/** `true` or `false`. */
export const flag: Setting = {
  required: false,
  fault: (value) => (typeof value === 'boolean' ? undefined : 'must be true or false'),
};

const MAX_KEYS = 100;
const MAX_KEY_LENGTH = 200;

/** A list of keys of an object. */
export const keys: Setting = {
  required: false,
  fault: (value) =>
    isKeyList(value) ? undefined : `must be a list of 1 to ${MAX_KEYS} keys of at most ${MAX_KEY_LENGTH} characters`,
};

function isKeyList(value: unknown): boolean {
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_KEYS) return false;
  return value.every((key) => typeof key === 'string' && key.length > 0 && key.length <= MAX_KEY_LENGTH);
}

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
