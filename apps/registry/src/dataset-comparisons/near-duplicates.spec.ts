import type { ExampleSplit } from '@dspy-nest/contracts';
import { NearDuplicates, type Leakage } from './near-duplicates';
import { shinglesOf } from './shingles';

const WORDS =
  'card parcel invoice login refund address delay charge double gift voucher shop account reset price'.split(' ');
/** A text of its own for each seed. */
const textOf = (seed: number): string =>
  Array.from(
    { length: 20 },
    (_, index) => `${WORDS[(seed * 7 + index * (seed + 3)) % WORDS.length]}${(seed * 31 + index * 17) % 1_000}`,
  ).join(' ');
const long = (seed: number, ending: string): string => `${textOf(seed)} ${textOf(seed + 1_000)} ${ending}`;

async function leakageOf(examples: readonly [ExampleSplit, string][], similarity = 0.8): Promise<Leakage> {
  const found = new NearDuplicates(examples.length);
  for (const [index, [split, ticket]] of examples.entries()) found.add(index + 1, split, { ticket });
  return found.find(similarity, 100, async () => undefined);
}

describe('NearDuplicates', () => {
  it('finds what is nearly the same in another split, and nothing else', async () => {
    const others = Array.from(
      { length: 300 },
      (_, seed) => [seed % 3 === 0 ? 'test' : 'train', textOf(seed + 50)] as const,
    );
    const { examples, pairs } = await leakageOf([
      ['train', long(1, 'Please help!')],
      ['test', long(1, 'please help me')],
      ['validation', 'MY CARD, WAS CHARGED twice'],
      ['train', 'My card was charged twice.'],
      ['train', long(2, 'a')],
      ['train', long(2, 'b')],
      ...others.map(([split, text]) => [split, text] as [ExampleSplit, string]),
    ]);
    expect(pairs.map(({ numbers }) => [...numbers].sort((a, b) => a - b))).toEqual([
      [3, 4],
      [1, 2],
    ]);
    expect(pairs[0]!.similarity).toBe(1);
    expect(examples).toEqual({ total: 4, train: 2, validation: 1, test: 1 });
  });

  it('estimates the share of shingles that two have in common', async () => {
    const texts = [long(7, 'one two three four five six'), long(7, 'seven eight nine ten eleven twelve')] as const;
    const [one, other] = [shinglesOf({ a: texts[0] }), shinglesOf({ a: texts[1] })];
    const shared = [...one].filter((shingle) => other.has(shingle)).length;
    const { pairs } = await leakageOf(
      [
        ['train', texts[0]],
        ['test', texts[1]],
      ],
      0.7,
    );
    expect(Math.abs(pairs[0]!.similarity - shared / (one.size + other.size - shared))).toBeLessThan(0.15);
  });

  it('takes much of the same for what it is', async () => {
    const same = Array.from(
      { length: 400 },
      (_, index) => [index % 2 === 0 ? 'train' : 'test', 'the same'] as [ExampleSplit, string],
    );
    const { examples, pairs } = await leakageOf(same);
    expect(examples).toEqual({ total: 400, train: 200, validation: 0, test: 200 });
    expect(pairs).toHaveLength(100);
  });

  it.each([
    [],
    [['train', '']],
    [
      ['train', ''],
      ['test', '?!'],
    ],
  ] as [ExampleSplit, string][][])('takes %j', async (...given) => {
    expect((await leakageOf(given)).pairs.length).toBeLessThanOrEqual(1);
  });
});
