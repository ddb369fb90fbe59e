import addFormats from 'ajv-formats';
import Ajv2020 from 'ajv/dist/2020';
import fc from 'fast-check';
import { editedSides } from '../../test/edit-arbitrary';
import { ignoringExtras } from '../../test/reader-schema';
import { smallSidesArbitrary } from '../../test/spec-arbitrary';
import { valuesOf } from '../../test/value-arbitrary';
import { canonicalJson, diffSignatures, inputJsonSchema, outputJsonSchema } from '../index';

const ajv = addFormats(new Ajv2020({ strict: false }));

const pairs = smallSidesArbitrary
  .chain((from) => fc.record({ from: fc.constant(from), to: editedSides(from) }))
  .chain(({ from, to }) =>
    fc.record({
      from: fc.constant(from),
      to: fc.constant(to),
      calls: fc.array(valuesOf(from.inputs, 'input'), { minLength: 10, maxLength: 10 }),
      answers: fc.array(valuesOf(to.outputs, 'output'), { minLength: 10, maxLength: 10 }),
    }),
  );
type Pair = typeof pairs extends fc.Arbitrary<infer Value> ? Value : never;

/** The calls that were taken and are refused now. */
function refusedCalls({ from, to, calls }: Pair): unknown[] {
  const [before, after] = [ajv.compile(inputJsonSchema(from)), ajv.compile(inputJsonSchema(to))];
  return calls.filter((call) => before(call) && !after(call));
}

/** The answers of the new version that a reader of the old one does not understand. */
function unreadableAnswers({ from, to, answers }: Pair): unknown[] {
  const [reader, writer] = [ajv.compile(ignoringExtras(outputJsonSchema(from))), ajv.compile(outputJsonSchema(to))];
  return answers.filter((answer) => writer(answer) && !reader(answer));
}

type Judge = (pair: Pair, side: 'inputs' | 'outputs') => 'compatible' | 'breaking';

const byTheRules: Judge = ({ from, to }, side) => {
  const changes = diffSignatures(from, to).changes.filter(({ pointer }) => pointer.startsWith(`/${side}`));
  return changes.some(({ verdict }) => verdict === 'breaking') ? 'breaking' : 'compatible';
};

/** Holds when what a judge calls compatible is. */
const soundness = (judge: Judge): fc.IProperty<[Pair]> =>
  fc.property(pairs, (pair) => {
    if (judge(pair, 'inputs') === 'compatible') expect(refusedCalls(pair)).toEqual([]);
    if (judge(pair, 'outputs') === 'compatible') expect(unreadableAnswers(pair)).toEqual([]);
  });

describe('diffSignatures, for any two versions', () => {
  it('calls nothing compatible that refuses a call or surprises a reader', () => {
    expect(() => fc.assert(soundness(byTheRules), { numRuns: 300, endOnFailure: true })).not.toThrow();
  });

  // Without this, values that never come near a limit would let anything pass.
  it.each<[string, Judge]>([
    ['calls', (pair, side) => (side === 'inputs' ? 'compatible' : byTheRules(pair, side))],
    ['answers', (pair, side) => (side === 'outputs' ? 'compatible' : byTheRules(pair, side))],
  ])('is tried with %s that tell a wrong verdict', (_, judge) => {
    expect(fc.check(soundness(judge), { numRuns: 300, endOnFailure: true }).failed).toBe(true);
  });

  it('finds a change wherever two versions differ, and none where they do not', () => {
    const property = fc.property(pairs, ({ from, to }) => {
      const { verdict, changes } = diffSignatures(from, to);
      expect(verdict === 'identical').toBe(canonicalJson(from) === canonicalJson(to));
      expect(changes.length === 0).toBe(verdict === 'identical');
    });
    fc.assert(property, { numRuns: 300, endOnFailure: true });
  });
});
