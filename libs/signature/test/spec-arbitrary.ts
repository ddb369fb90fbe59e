import fc from 'fast-check';
import {
  canonicalJson,
  hashSpec,
  primitiveTypes,
  printSignature,
  type Constraints,
  type EnumValue,
  type Field,
  type FieldType,
  type PrimitiveType,
  type SignatureSpec,
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
const intLimits = fc.oneof(
  numberLimits,
  fc.constantFrom<Constraints>({ min: Number.MIN_SAFE_INTEGER }, { min: -7, max: Number.MAX_SAFE_INTEGER }),
);
const floatLimits = fc.oneof(
  numberLimits,
  fc.constantFrom<Constraints>(
    { min: 0, max: 1 },
    { min: 1e-7 },
    { max: 1e20 },
    { max: 1e21 },
    { min: -1.5e300, max: 5e-324 },
  ),
);
const probabilityLimits = fc.constantFrom<Constraints>({ min: 0 }, { max: 1 }, { min: 0.25, max: 0.5 });
const listLimits = range('minItems', 'maxItems');
const stringLimits = fc.oneof(
  range('minLength', 'maxLength'),
  fc.constantFrom<Constraints>({ pattern: '^[^)"\\\\]+$' }, { pattern: '^(https?://|data:image/)' }),
);

function limitsOf(type: FieldType): fc.Arbitrary<Constraints> | undefined {
  if (type === 'int') return intLimits;
  if (type === 'float') return floatLimits;
  if (type === 'probability') return probabilityLimits;
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

const doubles = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value || 0),
  fc.constantFrom(2 ** 53, -(2 ** 63), 1e20, 1e21, 1e-6, 1e-7),
);
// JSON rounds larger integers on its way; U+0000 is in no column of Postgres.
const carriable = doubles.filter((value) => Number.isSafeInteger(value) || !Number.isInteger(value));
const storable = text.filter((value) => !value.includes('\u0000'));
const integers = fc.maxSafeInteger().map((value) => value || 0);
const defaults: Partial<Record<PrimitiveType, fc.Arbitrary<EnumValue | null>>> = {
  string: storable,
  url: fc.webUrl(),
  float: doubles,
  int: integers,
  bool: fc.boolean(),
  probability: fc.constantFrom(0, 0.5, 1e-7, 1),
  json: fc.oneof(storable, carriable, fc.boolean(), fc.constant(null)),
};

function defaultOf(type: FieldType, optional: boolean): fc.Arbitrary<Pick<Field, 'default'>> {
  const ofType =
    typeof type === 'string'
      ? defaults[type]
      : type.kind === 'enum'
        ? fc.constantFrom<EnumValue | null>(...type.values)
        : undefined;
  const values = [...(ofType ? [ofType] : []), ...(optional ? [fc.constant(null)] : [])];
  return values.length === 0 ? fc.constant({}) : fc.oneof(...values).map((value) => ({ default: value }));
}

function field(bare: fc.Arbitrary<FieldType>, place: 'input' | 'output' | 'object'): fc.Arbitrary<Field> {
  return fc.tuple(bare, fc.boolean()).chain(([type, optional]) => {
    const constraints = limitsOf(type)?.map((limits) => ({ constraints: limits })) ?? fc.constant({});
    const description = text.filter((value) => value !== '').map((value) => ({ description: value }));
    return fc
      .tuple(
        fc.record({ name, type: fc.constant(type), optional: fc.constant(optional) }),
        fc.oneof(
          fc.constant({}),
          fc.oneof(constraints, place === 'input' ? defaultOf(type, optional) : fc.constant({})),
        ),
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

function sidesOf(depth: number, maxFields: number): fc.Arbitrary<{ inputs: Field[]; outputs: Field[] }> {
  return fc
    .record({
      inputs: fields(bareType(depth), 'input', 1, maxFields),
      outputs: fields(bareType(depth), 'output', 1, maxFields),
    })
    .map(({ inputs, outputs }) => ({ inputs, outputs: outputs.map((one) => ({ ...one, name: `${one.name}_out` })) }));
}

/** Random inputs and outputs in the form in which the parser gives them. */
export const sidesArbitrary = sidesOf(3, 4);

/** The same, of few fields that are not deep: quick to edit and to make values for. */
export const smallSidesArbitrary = sidesOf(1, 2);

/** Random specs in the form in which the parser gives them. */
export const specArbitrary: fc.Arbitrary<SignatureSpec> = fc
  .tuple(
    fc.stringMatching(/^[A-Z][A-Za-z0-9]{0,9}$/),
    fc.integer({ min: 1, max: 1_000 }),
    fc.option(
      text.filter((value) => value !== ''),
      { nil: undefined },
    ),
    sidesArbitrary,
  )
  .map(([specName, version, instructions, sides]) => {
    const definition = printSignature(sides);
    const content = { definition, ...(instructions !== undefined && { instructions }), ...sides };
    return { name: specName, version, hash: hashSpec(content), ...content };
  });
