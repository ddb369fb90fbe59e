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

/** The name or id of a program; it must be there. */
export const programName: Setting = {
  required: true,
  fault: (value) => (matches(value, /^[a-z0-9][a-z0-9-]{0,62}$/) ? undefined : 'must be the name of a program'),
};

/** A version. */
export const count: Setting = {
  required: false,
  fault: (value) =>
    Number.isInteger(value) && isAmount(value) && value > 0 ? undefined : 'must be a whole number above 0',
};

const FIELD = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;
const SOURCE = /^(inputs|expected|answer)\.[A-Za-z_][A-Za-z0-9_]{0,63}$/;

/** The name of a field of a signature. */
export const fieldName: Setting = {
  required: false,
  fault: (value) => (matches(value, FIELD) ? undefined : 'must be the name of an output'),
};

/** Where values are from, by the name of the input that takes them. */
export const sources: Setting = {
  required: false,
  fault: (value) =>
    isSources(value)
      ? undefined
      : 'must say of inputs where they are from, such as {"reply": "answer.text", "question": "inputs.question"}',
};

function isSources(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const entries = Object.entries(value);
  return entries.length <= MAX_KEYS && entries.every(([name, source]) => FIELD.test(name) && matches(source, SOURCE));
}

const matches = (value: unknown, pattern: RegExp): boolean => typeof value === 'string' && pattern.test(value);

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
