import type { Constraints, Field, FieldType, PrimitiveType } from '@dspy-nest/signature';

const primitives: Record<Exclude<PrimitiveType, 'string' | 'int' | 'float' | 'probability' | 'reasoning'>, unknown> = {
  bool: true,
  date: '2026-01-05',
  datetime: '2026-01-05T09:30:00Z',
  url: 'https://example.com/',
  email: 'someone@example.com',
  json: {},
  image: 'https://example.com/picture.png',
};

/** Values of some fields; undefined when one is limited by a pattern, of which no text can be made here. */
export function exampleOfFields(fields: readonly Field[]): Record<string, unknown> | undefined {
  const entries = fields.map((field) => [field.name, exampleOfField(field)] as const);
  return entries.some(([, value]) => value === undefined) ? undefined : Object.fromEntries(entries);
}

/** A value of a field that its JSON Schema takes; undefined where there is none to be had. */
export function exampleOfField({ name, type, constraints, optional, default: given }: Field): unknown {
  const example = given ?? exampleOf(type, constraints, `Some ${name.replace(/_/g, ' ')}`);
  return example === undefined && optional ? null : example;
}

function exampleOf(type: FieldType, limits: Constraints = {}, text = 'Some text'): unknown {
  if (typeof type === 'string') return primitive(type, limits, text);
  switch (type.kind) {
    case 'list':
      return listOf(exampleOf(type.items), limits);
    case 'dict':
      return dictOf(type.keys, exampleOf(type.values));
    case 'union':
      return type.members.map((member) => exampleOf(member)).find((example) => example !== undefined);
    case 'enum':
      return type.values[0];
    case 'object':
      return exampleOfFields(type.fields);
    case 'optional':
      return exampleOf(type.of, limits, text) ?? null;
    case 'constrained':
      return exampleOf(type.of, type.constraints, text);
  }
}

function primitive(type: PrimitiveType, limits: Constraints, text: string): unknown {
  if (type === 'string') return textWithin(limits, text);
  if (type === 'reasoning') return listOf('One step after another.', limits);
  if (type === 'int') return Math.ceil(within(1, limits));
  if (type === 'float') return within(1.5, limits);
  if (type === 'probability') return within(0.9, limits);
  return primitives[type];
}

function textWithin({ minLength = 0, maxLength, pattern }: Constraints, text: string): string | undefined {
  return pattern === undefined ? text.padEnd(minLength, '.').slice(0, maxLength) : undefined;
}

function within(value: number, { min = -Infinity, max = Infinity }: Constraints): number {
  return Math.min(Math.max(value, min), max);
}

function listOf(item: unknown, { minItems = 0, maxItems = Infinity }: Constraints): unknown[] | undefined {
  if (item === undefined) return minItems === 0 ? [] : undefined;
  return Array.from({ length: Math.min(Math.max(minItems, 1), maxItems) }, () => item);
}

function dictOf(keys: FieldType, value: unknown): Record<string, unknown> {
  if (value === undefined) return {};
  if (typeof keys === 'object' && keys.kind === 'enum') return { [String(keys.values[0])]: value };
  return { [keys === 'int' ? '1' : 'key']: value };
}
