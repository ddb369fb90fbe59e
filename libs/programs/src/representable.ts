import type { FieldType, PrimitiveType } from '@dspy-nest/signature';

const INT_MIN = -2_147_483_648;
const INT_MAX = 2_147_483_647;

const isText = (value: unknown): boolean => typeof value === 'string';
const isNumber = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value);

const primitives: Record<PrimitiveType, (value: unknown) => boolean> = {
  string: isText,
  int: Number.isSafeInteger,
  float: isNumber,
  bool: (value) => typeof value === 'boolean',
  probability: isNumber,
  reasoning: (value) => Array.isArray(value) && value.every(isText),
  date: isText,
  datetime: isText,
  url: isText,
  email: isText,
  json: () => true,
  image: isText,
};

/** Whether a number is one of GraphQL's Int, which has 32 bits. */
export function isGraphqlInt(value: number): boolean {
  return Number.isInteger(value) && value >= INT_MIN && value <= INT_MAX;
}

/** Whether a value of an execution, perhaps of an older version, still has the form of a type; limits do not count. */
export function isRepresentable(type: FieldType, value: unknown): boolean {
  if (typeof type === 'string') return primitives[type](value);
  switch (type.kind) {
    case 'list':
      return Array.isArray(value) && value.every((item) => isRepresentable(type.items, item));
    case 'dict':
    case 'union':
      return true;
    case 'optional':
      return value === null || isRepresentable(type.of, value);
    case 'enum':
      return type.values.some((allowed) => allowed === value);
    case 'object':
      return (
        isObject(value) &&
        type.fields.every(({ name, type: member }) => value[name] == null || isRepresentable(member, value[name]))
      );
    case 'constrained':
      return isRepresentable(type.of, value);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
