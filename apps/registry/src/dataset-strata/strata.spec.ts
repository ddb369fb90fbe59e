import { STRATA_MAX, type DatasetSplits } from '@dspy-nest/contracts';
import { parseSignature } from '@dspy-nest/signature';
import fc from 'fast-check';
import { addToStrata, allot, refuseUnstratifiable, stratumOf, withStrata } from './strata';

const SPLITS: DatasetSplits = { seed: 1, validation: 0.2, test: 0.2 };
const NONE = { train: 0, validation: 0, test: 0 };

const splits = fc
  .record({
    seed: fc.nat(),
    validation: fc.double({ min: 0, max: 1, noNaN: true }),
    test: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ seed, validation, test }) => ({ seed, validation, test: Math.min(test, 1 - validation) }));
const counts = fc.record({ train: fc.nat(200), validation: fc.nat(200), test: fc.nat(200) });

function shareOf({ validation, test }: DatasetSplits) {
  return { train: 1 - validation - test, validation, test };
}

describe('allot', () => {
  it('gives each split its share of a new stratum, less than one example off', () => {
    fc.assert(
      fc.property(splits, fc.nat(500), (asked, arrived) => {
        const given = allot(asked, { stratum: '"a"', counts: NONE, arrived });
        const share = shareOf(asked);
        expect(given.train + given.validation + given.test).toBe(arrived);
        for (const split of ['train', 'validation', 'test'] as const) {
          expect(Math.abs(given[split] - share[split] * arrived)).toBeLessThan(1 + 1e-9);
        }
      }),
    );
  });

  it('gives nothing to a split that is beyond its share while another is behind, whatever there is', () => {
    fc.assert(
      fc.property(splits, counts, fc.nat(300), (asked, before, arrived) => {
        const given = allot(asked, { stratum: '"a"', counts: before, arrived });
        const all = before.train + before.validation + before.test + arrived;
        const share = shareOf(asked);
        const beyond = (split: keyof typeof share) => before[split] + given[split] - share[split] * all;
        const got = (['train', 'validation', 'test'] as const).filter((split) => given[split] > 0);
        expect(given.train + given.validation + given.test).toBe(arrived);
        for (const split of got) expect(beyond(split)).toBeLessThan(1 + 1e-9);
      }),
    );
  });

  it('does not favour the same split in all small strata', () => {
    const given = Array.from({ length: 60 }, (_, index) =>
      allot(SPLITS, { stratum: `"${index}"`, counts: NONE, arrived: 2 }),
    );
    const of = (split: 'validation' | 'test') => given.filter((one) => one[split] === 1).length;
    expect(of('test')).toBeGreaterThan(15);
    expect(of('validation')).toBeGreaterThan(15);
  });
});

describe('refuseUnstratifiable', () => {
  const spec = parseSignature(
    'ticket: string -> team: enum["a", "b"], urgent: bool, stars: int, note: string?, tags: list[string], score: float',
    { name: 'Route' },
  );

  it.each(['team', 'urgent', 'stars', 'note', undefined])('lets a dataset be stratified by %s', (stratifyBy) => {
    expect(() =>
      refuseUnstratifiable(spec, { ...SPLITS, ...(stratifyBy !== undefined && { stratifyBy }) }),
    ).not.toThrow();
  });

  it.each(['ticket', 'tags', 'score', 'absent', 'constructor'])('refuses %s, and tells what there is', (stratifyBy) => {
    expect(() => refuseUnstratifiable(spec, { ...SPLITS, stratifyBy })).toThrow(
      /"Route".*team, urgent, stars, note\./s,
    );
  });
});

describe('strata', () => {
  it('are the values of a field in JSON', () => {
    expect(['a', true, 3, null].map((value) => stratumOf({ team: value }, 'team'))).toEqual([
      '"a"',
      'true',
      '3',
      'null',
    ]);
    expect(stratumOf({}, 'constructor')).toBe('null');
  });

  it('are counted by split, in one order', () => {
    const one = { stratum: '"b"', split: 'test', count: 2 } as const;
    const [first] = addToStrata([], [one]);
    expect(first).toEqual({ value: 'b', total: 2, train: 0, validation: 0, test: 2 });
    const more = addToStrata(
      [first!],
      [
        { ...one, split: 'train' },
        { stratum: 'null', split: 'test', count: 1 },
        { ...one, stratum: '"a"' },
      ],
    );
    expect(more.map(({ value, total, train }) => [value, total, train])).toEqual([
      ['a', 2, 0],
      ['b', 4, 2],
      [null, 1, 0],
    ]);
    expect(first).toMatchObject({ total: 2 });
  });

  it('have a limit', () => {
    const many = Array.from({ length: STRATA_MAX }, (_, index) => `"${index}"`);
    expect(withStrata(many.slice(1), many, 'team')).toHaveLength(STRATA_MAX);
    expect(() => withStrata(many, ['null'], 'team')).toThrow('"team"');
  });
});
