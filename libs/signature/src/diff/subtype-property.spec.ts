import addFormats from 'ajv-formats';
import Ajv2020 from 'ajv/dist/2020';
import fc from 'fast-check';
import { editedType } from '../../test/edit-arbitrary';
import { ignoringExtras } from '../../test/reader-schema';
import { smallSidesArbitrary } from '../../test/spec-arbitrary';
import { valueOf } from '../../test/value-arbitrary';
import { outputJsonSchema, type FieldType } from '../index';
import { isSubtype, shapeOf, type ExtraMembers } from './subtype';

// `npm run verify:signatures` asks for more.
const runs = Number(process.env['SIGNATURE_RUNS'] ?? 200);

const ajv = addFormats(new Ajv2020({ strict: false }));

const type = smallSidesArbitrary.map(({ inputs: [field] }): FieldType =>
  field === undefined ? 'json' : shapeOf(field),
);

// Edited types are near each other, so that many pairs are subtypes, or would be but for one limit.
const pairs = type
  .chain((sub) =>
    fc.record({ sub: fc.constant(sub), sup: fc.oneof(editedType(sub), editedType(sub).chain(editedType)) }),
  )
  .chain(({ sub, sup }) => fc.constantFrom({ sub, sup }, { sub: sup, sup: sub }))
  .chain(({ sub, sup }) =>
    fc.record({
      sub: fc.constant(sub),
      sup: fc.constant(sup),
      values: fc.array(valueOf(sub), { minLength: 12, maxLength: 12 }),
    }),
  );

const schemaOf = (only: FieldType) => outputJsonSchema({ outputs: [{ name: 'only', type: only, optional: false }] });

type Judge = (sub: FieldType, sup: FieldType, extraMembers: ExtraMembers) => boolean;

const soundness = (judge: Judge) =>
  fc.property(pairs, ({ sub, sup, values }) => {
    const [has, closed] = [ajv.compile(schemaOf(sub)), ajv.compile(schemaOf(sup))];
    const open = ajv.compile(ignoringExtras(schemaOf(sup)));
    const given = values.map((only) => ({ only })).filter((value) => has(value));
    if (judge(sub, sup, 'refused')) expect(given.filter((value) => !closed(value))).toEqual([]);
    if (judge(sub, sup, 'ignored')) expect(given.filter((value) => !open(value))).toEqual([]);
  });

describe('isSubtype, for any two types', () => {
  it('never says so of a type with a value that the other does not have', () => {
    expect(() => fc.assert(soundness(isSubtype), { numRuns: runs, endOnFailure: true })).not.toThrow();
  });

  it.each<[string, Judge]>([
    ['limits', (sub, sup, extra) => isSubtype(withoutLimits(sub), withoutLimits(sup), extra)],
    ['unknown members', (sub, sup) => isSubtype(sub, sup, 'ignored')],
  ])('is tried with values that tell a judge who overlooks %s', (_, judge) => {
    expect(fc.check(soundness(judge), { numRuns: 3_000, endOnFailure: true }).failed).toBe(true);
  });
});

function withoutLimits(limited: FieldType): FieldType {
  const text = JSON.stringify(limited, (key, value: unknown) => (key === 'constraints' ? {} : value));
  return JSON.parse(text) as FieldType;
}
