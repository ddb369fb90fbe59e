import fc from 'fast-check';
import type { Constraints, Field, FieldType, PrimitiveType } from '@dspy-nest/signature';

// Values of a type, those at its limits most of all: that is where one version takes what the next one refuses.

const samples: Partial<Record<PrimitiveType, string[]>> = {
  date: ['2026-02-28', '1999-12-31'],
  datetime: ['2026-02-28T12:00:00Z', '2026-02-28T12:00:00.5+02:00'],
  url: ['https://example.com/a?b', 'urn:a:b'],
  email: ['a@example.com'],
  image: ['https://example.com/a.png', 'data:image/png;base64,AAAA', 'http://'],
};
const texts = ['', 'https://example.com/', 'a', 'Ab', '1', 'é', '😀', 'A)', 'zz top', '2026-02-28', 'a'.repeat(60)];

/** Values of a type within its limits. */
export function valueOf(type: FieldType, limits: Constraints = {}): fc.Arbitrary<unknown> {
  if (typeof type === 'string') return primitiveValue(type, limits);
  switch (type.kind) {
    case 'list':
      return listValue(type.items, limits);
    case 'dict':
      return fc.dictionary(keyOf(type.keys), valueOf(type.values), { maxKeys: 3 });
    case 'optional':
      return fc.oneof(fc.constant(null), valueOf(type.of));
    case 'union':
      return fc.oneof(...type.members.map((member) => valueOf(member)));
    case 'enum':
      return fc.constantFrom(...type.values);
    case 'object':
      return valuesOf(type.fields, 'object');
    case 'constrained':
      return valueOf(type.of, type.constraints);
  }
}

/** Values of all fields of a side or an object; what may be absent sometimes is. */
export function valuesOf(
  fields: readonly Field[],
  place: 'input' | 'output' | 'object',
): fc.Arbitrary<Record<string, unknown>> {
  const members = fields.map((field) => {
    const value = valueOf(field.type, field.constraints);
    const nullable = field.optional ? fc.oneof(fc.constant(null), value) : value;
    const mayBeAbsent = place !== 'output' && (field.optional || field.default !== undefined);
    const member = nullable.map((given): [string, unknown][] => [[field.name, given]]);
    return mayBeAbsent ? fc.oneof(fc.constant<[string, unknown][]>([]), member) : member;
  });
  return fc.tuple(...members).map((entries) => Object.fromEntries(entries.flat()));
}

function primitiveValue(type: PrimitiveType, limits: Constraints): fc.Arbitrary<unknown> {
  if (type === 'string') return textValue(limits);
  if (type === 'bool') return fc.boolean();
  if (type === 'reasoning') return listValue('string', limits);
  if (type === 'json') return fc.oneof(fc.constantFrom(null, 0, 'a', true), fc.jsonValue({ maxDepth: 1 }));
  if (type === 'float') return numberValue(limits, -1e300, 1e300);
  if (type === 'probability') return numberValue(limits, 0, 1);
  return type === 'int'
    ? numberValue(limits, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER).map(Math.trunc)
    : fc.constantFrom(...(samples[type] ?? []));
}

function numberValue({ min, max }: Constraints, lowest: number, highest: number): fc.Arbitrary<number> {
  const [low, high] = [min ?? lowest, max ?? highest];
  const near = [low, low + 1, low + 0.5, high, high - 1, high - 0.5, 0, 1, 2, 0.5, 3];
  return fc.constantFrom(...near.filter((value) => value >= low && value <= high), low);
}

function textValue({ minLength = 0, maxLength = Infinity, pattern }: Constraints): fc.Arbitrary<string> {
  const exact = [minLength, Math.min(maxLength, 60)].map((length) => '😀'.repeat(length));
  const long = ['https://', 'a', 'A'].map((start) => start.padEnd(minLength, 'b'));
  const fitting = [...texts, ...exact, ...long].filter((text) => {
    const length = [...text].length;
    return length >= minLength && length <= maxLength && new RegExp(pattern ?? '', 'u').test(text);
  });
  // Edits may leave limits that no text keeps, such as `maxLength=0` beside a pattern that asks for a letter.
  return fc.constantFrom(...(fitting.length > 0 ? fitting : texts));
}

function listValue(items: FieldType, { minItems = 0, maxItems = Infinity }: Constraints): fc.Arbitrary<unknown[]> {
  const lengths = [minItems, Math.min(maxItems, minItems + 6)];
  return fc
    .constantFrom(...lengths)
    .chain((length) => fc.array(valueOf(items), { minLength: length, maxLength: length }));
}

function keyOf(keys: FieldType): fc.Arbitrary<string> {
  if (keys === 'int') return fc.constantFrom('0', '7', '-20');
  return typeof keys === 'object' && keys.kind === 'enum'
    ? fc.constantFrom(...keys.values.map(String))
    : fc.constantFrom('a', '7', 'B_out');
}
