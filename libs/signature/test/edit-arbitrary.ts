import fc from 'fast-check';
import type { Constraints, Field, FieldType } from '@dspy-nest/signature';

// What people do to a signature between two versions: small edits anywhere in it.

interface Sides {
  inputs: Field[];
  outputs: Field[];
}

const leaf = fc.constantFrom<FieldType>(
  'string',
  'int',
  'float',
  'bool',
  'probability',
  'date',
  'url',
  'json',
  'reasoning',
  { kind: 'enum', values: ['a', '1'] },
  { kind: 'enum', values: [1, true, 'a'] },
  { kind: 'list', items: 'string' },
  { kind: 'dict', keys: 'string', values: 'int' },
  { kind: 'object', fields: [{ name: 'a', type: 'int', optional: false }] },
  { kind: 'constrained', of: 'string', constraints: { pattern: '^[a-z]' } },
  { kind: 'constrained', of: 'int', constraints: { min: 0 } },
);

/** The sides after one to three edits. */
export function editedSides(sides: Sides): fc.Arbitrary<Sides> {
  const once = (now: Sides): fc.Arbitrary<Sides> =>
    fc.oneof(
      editedFields(now.inputs, 'input').map((inputs) => ({ ...now, inputs })),
      editedFields(now.outputs, 'output').map((outputs) => ({ ...now, outputs })),
    );
  return fc.oneof(once(sides), once(sides).chain(once), once(sides).chain(once).chain(once));
}

function editedFields(fields: readonly Field[], place: 'input' | 'output' | 'object'): fc.Arbitrary<Field[]> {
  const at = fc.nat(Math.max(0, fields.length - 1));
  const edits = [
    { weight: 1, arbitrary: newField(place).map((field) => [...fields, field]) },
    { weight: 1, arbitrary: at.map((index) => fields.filter((_, other) => other !== index)) },
    { weight: 1, arbitrary: fc.constant([...fields].toReversed()) },
  ];
  const changed = at.chain((index) => {
    const field = fields[index];
    if (field === undefined) return fc.constant([...fields]);
    return editedField(field, place).map((edited) => fields.with(index, edited));
  });
  return fc
    .oneof({ weight: 8, arbitrary: changed }, ...edits)
    .map((edited) => [...new Map(edited.map((field) => [field.name, field])).values()]);
}

function newField(place: 'input' | 'output' | 'object'): fc.Arbitrary<Field> {
  const field = fc.record<Field>({ name: fc.constantFrom('New1', 'New2'), type: leaf, optional: fc.boolean() });
  const defaulted = field.map((one): Field => ({ ...one, type: 'json', default: 1 }));
  return place === 'input' ? fc.oneof(field, defaulted) : field;
}

function editedField(field: Field, place: 'input' | 'output' | 'object'): fc.Arbitrary<Field> {
  const limited = editedLimits(field.constraints ?? {}, field.type).map((constraints) =>
    withLimits(field, constraints),
  );
  const { default: _, ...bare } = field;
  const defaults =
    place === 'input'
      ? [fc.constant(bare), fc.constantFrom(1, 'a', null).map((value) => ({ ...field, default: value }))]
      : [];
  return fc.oneof(
    fc.constant({ ...field, optional: !field.optional }),
    fc.constant({ ...field, description: `${field.description ?? ''}.` }),
    fc.constant({ ...field, name: `${field.name}2` }),
    ...defaults,
    limited,
    editedType(field.type).map((type) => ({ ...withLimits(field, {}), type })),
    editedType(field.type).map((type) => ({ ...field, type })),
  );
}

function withLimits(field: Field, constraints: Constraints): Field {
  const { constraints: _, ...bare } = field;
  return Object.keys(constraints).length === 0 ? bare : { ...bare, constraints };
}

/** A type after one edit somewhere in it. */
export function editedType(type: FieldType): fc.Arbitrary<FieldType> {
  const anyhow: fc.Arbitrary<FieldType>[] = [
    leaf,
    fc.constant({ kind: 'optional', of: type }),
    leaf.map((other) => ({ kind: 'union', members: [type, other] })),
  ];
  const within = editedParts(type);
  return within === undefined
    ? fc.oneof(...anyhow)
    : fc.oneof({ weight: 4, arbitrary: within }, ...anyhow.map((arbitrary) => ({ weight: 1, arbitrary })));
}

function editedParts(type: FieldType): fc.Arbitrary<FieldType> | undefined {
  if (typeof type === 'string') return relatives(type);
  switch (type.kind) {
    case 'list':
      return editedType(type.items).map((items) => ({ ...type, items }));
    case 'dict':
      return fc.oneof(
        editedType(type.values).map((values) => ({ ...type, values })),
        fc.constantFrom<FieldType>('int', 'string').map((keys) => ({ ...type, keys })),
      );
    case 'optional':
      return fc.oneof(
        fc.constant(type.of),
        editedType(type.of).map((of) => ({ ...type, of })),
      );
    case 'union':
      return fc.oneof(
        fc.constantFrom(...type.members),
        fc.constant({ ...type, members: type.members.toReversed() }),
        fc.nat(type.members.length - 1).chain((index) =>
          editedType(type.members[index] ?? 'json').map((member) => ({
            ...type,
            members: type.members.with(index, member),
          })),
        ),
      );
    case 'enum':
      return fc.constantFrom(
        { ...type, values: [...type.values.filter((value) => value !== 'new'), 'new'] },
        { ...type, values: type.values.length > 1 ? type.values.slice(1) : type.values },
        { ...type, values: type.values.toReversed() },
      );
    case 'object':
      return editedFields(type.fields, 'object').map((fields) => ({ ...type, fields }));
    case 'constrained':
      return fc.oneof(
        fc.constant(type.of),
        editedLimits(type.constraints, type.of).map((constraints) => ({ ...type, constraints })),
      );
  }
}

function relatives(type: string): fc.Arbitrary<FieldType> | undefined {
  const numbers: FieldType[] = ['int', 'float', 'probability', { kind: 'enum', values: [0, 1] }];
  const texts: FieldType[] = ['string', 'date', 'url', 'image', { kind: 'enum', values: ['a', ''] }];
  if (type === 'bool') return fc.constant({ kind: 'enum', values: [false, true] });
  if (type === 'reasoning') return fc.constant({ kind: 'list', items: 'string' });
  const family = [numbers, texts].find((words) => words.includes(type as FieldType));
  return family && fc.constantFrom(...family);
}

function editedLimits(limits: Constraints, type: FieldType): fc.Arbitrary<Constraints> {
  const names = limitNames(type);
  if (names === undefined) return fc.constant({});
  const [low, high] = names;
  const { [low]: from = 0, [high]: to = from + 5 } = limits;
  const { pattern: _, ...unpatterned } = limits;
  const patterned = { ...unpatterned, pattern: '^[A-Z]' };
  return fc.constantFrom<Constraints>(
    {},
    unpatterned,
    { ...limits, [low]: Math.min(from + 1, to) },
    { ...limits, [low]: Math.max(0, from - 1) },
    { ...limits, [high]: to },
    { ...limits, [high]: to + 1 },
    { ...limits, [high]: Math.max(from, to - 1) },
    type === 'string' ? patterned : unpatterned,
  );
}

function limitNames(
  type: FieldType,
): ['min', 'max'] | ['minLength', 'maxLength'] | ['minItems', 'maxItems'] | undefined {
  if (type === 'string') return ['minLength', 'maxLength'];
  if (type === 'int' || type === 'float' || type === 'probability') return ['min', 'max'];
  return type === 'reasoning' || (typeof type === 'object' && type.kind === 'list')
    ? ['minItems', 'maxItems']
    : undefined;
}
