import fc from 'fast-check';
import type { Constraints, EnumValue, Field, FieldType } from '@dspy-nest/signature';

// What a model may write for a value of a type: the value, the value as some text, or something else.

const words = [
  'yes',
  'No.',
  'TRUE',
  'null',
  'None',
  '',
  ' ',
  '90%',
  '1,234',
  '1,234.5',
  '3.0',
  '-7',
  '**42**',
  'a b',
  'A.',
];
const times = ['2024-05-02', '2024/5/2', '2024-05-02T10:30:00Z', '2024-05-02 10:30', '2024-02-30', '`2024-05-02`'];
const places = [
  'https://example.com/a_b',
  '<https://example.com>',
  'https://example.com/ü',
  'a@example.com',
  '<a@example.com>',
];
const noise = fc.oneof(
  fc.constantFrom<unknown>(...words, ...times, ...places, null, true, 0, 1, 90, 0.5, 2 ** 53, [], {}, [1], ['a'], {
    a: 1,
  }),
  fc.string({
    unit: fc.constantFrom(
      'a',
      'B',
      '1',
      '.',
      ',',
      '-',
      '"',
      "'",
      '{',
      '}',
      '[',
      ']',
      ':',
      '\n',
      ' ',
      '`',
      '😀',
      '\ud800',
      'é',
    ),
    maxLength: 12,
  }),
  fc.json({ maxDepth: 2 }).map((text): unknown => JSON.parse(text)),
);

const written = (value: unknown): fc.Arbitrary<unknown> => {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return fc.constantFrom(
    value,
    text,
    text.toUpperCase(),
    `**${text}**`,
    ` "${text}". `,
    `\`\`\`json\n${text}\n\`\`\``,
    text.replaceAll('"', "'"),
    text.slice(0, -1),
    `${text},`,
    [value],
    ...(Array.isArray(value)
      ? [
          value.map((item) => `- ${typeof item === 'string' ? item : JSON.stringify(item)}`).join('\n'),
          value[0] ?? null,
        ]
      : []),
    ...(isObject(value)
      ? [
          Object.fromEntries(Object.entries(value).map(([name, member]) => [name.toUpperCase(), member])),
          { ...value, extra: 1 },
        ]
      : []),
  );
};

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Something a model may write for a field, right or wrong. */
export const rawOf = (field: Pick<Field, 'type' | 'constraints' | 'optional'>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 6, arbitrary: fieldValue(field) }, { weight: 1, arbitrary: noise });

function fieldValue({
  type,
  constraints,
  optional,
}: Pick<Field, 'type' | 'constraints' | 'optional'>): fc.Arbitrary<unknown> {
  const present = valueOf(type, constraints).chain(written);
  return optional ? fc.oneof({ weight: 4, arbitrary: present }, fc.constant(null)) : present;
}

function valueOf(type: FieldType, limits: Constraints = {}): fc.Arbitrary<unknown> {
  if (typeof type === 'string') return primitive(type, limits);
  switch (type.kind) {
    case 'list':
      return fc.array(part(type.items), { maxLength: 3 });
    case 'dict':
      return fc.dictionary(keyOf(type.keys), part(type.values), { maxKeys: 3 });
    case 'optional':
      return fc.oneof(part(type.of), fc.constant(null));
    case 'union':
      return fc.oneof(...type.members.map((member) => part(member)));
    case 'enum':
      return fc.constantFrom<EnumValue[]>(...type.values);
    case 'object':
      return fc.record(Object.fromEntries(type.fields.map((field) => [field.name, rawOf(field)])), {
        requiredKeys: type.fields.filter(({ optional }) => !optional).map(({ name }) => name),
      });
    case 'constrained':
      return valueOf(type.of, type.constraints);
  }
}

const part = (type: FieldType): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 4, arbitrary: valueOf(type) },
    { weight: 2, arbitrary: valueOf(type).chain(written) },
    { weight: 1, arbitrary: noise },
  );

function keyOf(keys: FieldType): fc.Arbitrary<string> {
  if (keys === 'int') return fc.oneof(fc.integer().map(String), fc.constantFrom('01', 'a', ''));
  if (typeof keys === 'object' && keys.kind === 'enum') {
    return fc.constantFrom(
      ...keys.values.map(String),
      ...keys.values.map((value) => `${String(value).toUpperCase()}.`),
    );
  }
  return fc.string({ maxLength: 3 });
}

function primitive(type: string, { min = -50, max = 50 }: Constraints): fc.Arbitrary<unknown> {
  if (type === 'int')
    return fc.oneof(
      fc.integer({ min: Math.ceil(min), max: Math.max(Math.ceil(min), Math.floor(max)) }),
      fc.maxSafeInteger(),
    );
  if (type === 'float') return fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom(min, max));
  if (type === 'probability') return fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom('90 %', 0.5));
  if (type === 'bool') return fc.oneof(fc.boolean(), fc.constantFrom('yes', 'No'));
  if (type === 'reasoning') return fc.array(fc.string({ maxLength: 5 }), { maxLength: 3 });
  if (type === 'date' || type === 'datetime') return fc.constantFrom(...times);
  if (type === 'url' || type === 'email' || type === 'image')
    return fc.constantFrom(...places, 'data:image/png;base64,AAAA');
  return type === 'json' ? noise : fc.oneof(fc.string({ maxLength: 60 }), fc.constantFrom('[1]', 'None'));
}
