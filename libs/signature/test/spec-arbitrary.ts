import fc from 'fast-check';
import {
  canonicalJson,
  primitiveTypes,
  type Constraints,
  type EnumValue,
  type Field,
  type FieldType,
} from '@dspy-nest/signature';

// Specs as the parser makes them: unions flat and without repeats, one optional around a type, constraints that apply.

const text = fc.string({ unit: 'binary', maxLength: 12 });
const name = fc.stringMatching(/^[A-Z][A-Za-z0-9_]{0,8}$/).filter((word) => !['None', 'True', 'False'].includes(word));
const primitive = fc.constantFrom(...primitiveTypes);

const enumOf = (value: fc.Arbitrary<EnumValue>): fc.Arbitrary<FieldType> =>
  fc.uniqueArray(value, { minLength: 1, maxLength: 5 }).map((values) => ({ kind: 'enum', values }));
const enumType = enumOf(
  fc.oneof(
    text,
    fc.maxSafeInteger().filter((value) => !Object.is(value, -0)),
    fc.boolean(),
  ),
);
const dictKey: fc.Arbitrary<FieldType> = fc.oneof(fc.constantFrom<FieldType[]>('string', 'int'), enumOf(text));

const range = (low: keyof Constraints, high: keyof Constraints): fc.Arbitrary<Constraints> =>
  fc
    .tuple(fc.nat(50), fc.nat(50), fc.boolean())
    .map(([start, size, open]) => (open ? { [low]: start } : { [low]: start, [high]: start + size }));

const numberLimits = range('min', 'max');
const listLimits = range('minItems', 'maxItems');
const stringLimits = fc.oneof(range('minLength', 'maxLength'), fc.constant<Constraints>({ pattern: '^[^)"\\\\]+$' }));

function limitsOf(type: FieldType): fc.Arbitrary<Constraints> | undefined {
  if (type === 'int' || type === 'float' || type === 'probability') return numberLimits;
  if (type === 'string') return stringLimits;
  return type === 'reasoning' || (typeof type === 'object' && type.kind === 'list') ? listLimits : undefined;
}

const limited = (type: FieldType): fc.Arbitrary<FieldType> =>
  limitsOf(type)?.map((constraints) => ({ kind: 'constrained' as const, of: type, constraints })) ?? fc.constant(type);

const maybeLimited = (bare: fc.Arbitrary<FieldType>): fc.Arbitrary<FieldType> =>
  fc.oneof({ weight: 3, arbitrary: bare }, { weight: 1, arbitrary: bare.chain(limited) });

const isUnion = (type: FieldType): boolean => typeof type === 'object' && type.kind === 'union';

function unionOf(member: fc.Arbitrary<FieldType>): fc.Arbitrary<FieldType> {
  return fc
    .uniqueArray(maybeLimited(member.filter((type) => !isUnion(type))), {
      minLength: 2,
      maxLength: 3,
      selector: canonicalJson,
    })
    .map((members) => ({ kind: 'union', members }));
}

function nested(bare: fc.Arbitrary<FieldType>): fc.Arbitrary<FieldType> {
  const inner = maybeLimited(bare);
  return fc.oneof(
    { weight: 3, arbitrary: inner },
    { weight: 1, arbitrary: inner.map((of) => ({ kind: 'optional' as const, of })) },
  );
}

function bareType(depth: number): fc.Arbitrary<FieldType> {
  if (depth === 0) return fc.oneof(primitive, enumType);
  const inner = bareType(depth - 1);
  return fc.oneof(
    primitive,
    enumType,
    nested(inner).map((items) => ({ kind: 'list' as const, items })),
    fc.tuple(dictKey, nested(inner)).map(([keys, values]) => ({ kind: 'dict' as const, keys, values })),
    fields(inner, 'object', 1, 3).map((members) => ({ kind: 'object' as const, fields: members })),
    unionOf(inner),
  );
}

function defaultOf(type: FieldType): fc.Arbitrary<Pick<Field, 'default'>> {
  if (type === 'string') return text.map((value) => ({ default: value }));
  if (type === 'float')
    return fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => ({ default: value || 0 }));
  return type === 'bool' ? fc.boolean().map((value) => ({ default: value })) : fc.constant({});
}

function field(bare: fc.Arbitrary<FieldType>, place: 'input' | 'output' | 'object'): fc.Arbitrary<Field> {
  return bare.chain((type) => {
    const constraints = limitsOf(type)?.map((limits) => ({ constraints: limits })) ?? fc.constant({});
    const description = text.filter((value) => value !== '').map((value) => ({ description: value }));
    return fc
      .tuple(
        fc.record({ name, type: fc.constant(type), optional: fc.boolean() }),
        fc.oneof(fc.constant({}), fc.oneof(constraints, place === 'input' ? defaultOf(type) : fc.constant({}))),
        fc.oneof(fc.constant({}), description),
      )
      .map((parts) => Object.assign({}, ...parts) as Field);
  });
}

function fields(
  bare: fc.Arbitrary<FieldType>,
  place: 'input' | 'output' | 'object',
  minLength: number,
  maxLength: number,
): fc.Arbitrary<Field[]> {
  return fc.uniqueArray(field(bare, place), { minLength, maxLength, selector: (one) => one.name });
}

/** Random inputs and outputs in the form in which the parser gives them. */
export const sidesArbitrary: fc.Arbitrary<{ inputs: Field[]; outputs: Field[] }> = fc
  .record({ inputs: fields(bareType(3), 'input', 1, 4), outputs: fields(bareType(3), 'output', 1, 4) })
  .map(({ inputs, outputs }) => ({ inputs, outputs: outputs.map((one) => ({ ...one, name: `${one.name}_out` })) }));
