import fc from 'fast-check';
import { bootstrapInterval } from './bootstrap';
import { mcnemar } from './mcnemar';
import { SeededRandom } from './random';
import { scoreInterval } from './score-interval';
import { signFlipTest } from './sign-flip';
import { StatisticsError } from './statistics-error';
import { wilsonInterval } from './wilson';

const levels = fc.double({ min: 0.5, max: 0.999, noNaN: true });
const scores = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 60 });
const shares = fc
  .integer({ min: 1, max: 5_000 })
  .chain((trials) => fc.tuple(fc.integer({ min: 0, max: trials }), fc.constant(trials)));

describe('intervals', () => {
  it('of a share lie within 0 and 1, hold the share and mirror each other', () => {
    fc.assert(
      fc.property(shares, levels, ([successes, trials], level) => {
        const { low, high } = wilsonInterval(successes, trials, level);
        const mirrored = wilsonInterval(trials - successes, trials, level);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(successes / trials);
        expect(high).toBeGreaterThanOrEqual(successes / trials);
        expect(mirrored.low).toBeCloseTo(1 - high, 9);
      }),
    );
  });

  it('of a mean lie between the least and the greatest value and are the same for the same seed', () => {
    fc.assert(
      fc.property(scores, levels, fc.integer(), (values, level, seed) => {
        const options = { level, seed, resamples: 200, method: 'bca' } as const;
        const interval = bootstrapInterval(values, options);
        expect(interval.low).toBeGreaterThanOrEqual(Math.min(...values) - 1e-12);
        expect(interval.high).toBeLessThanOrEqual(Math.max(...values) + 1e-12);
        expect(interval.low).toBeLessThanOrEqual(interval.high);
        expect(bootstrapInterval(values, options)).toEqual(interval);
      }),
    );
  });

  it('are chosen by the scores: Wilson for right and wrong, a bootstrap for others, normal for many', () => {
    const random = new SeededRandom(5);
    const many = Array.from({ length: 20_001 }, () => random.below(1_000) / 1_000);
    const methodOf = (values: number[]): string => scoreInterval(values, { level: 0.95, seed: 1 }).method;
    expect(methodOf([0, 1, 1])).toBe('wilson');
    expect(methodOf([0, 0.5, 1])).toBe('bca');
    expect(methodOf(many)).toBe('normal');
  });

  it('are refused where there is nothing to judge', () => {
    expect(() => scoreInterval([], { level: 0.95, seed: 1 })).toThrow(StatisticsError);
    expect(() => scoreInterval([0, Number.NaN], { level: 0.95, seed: 1 })).toThrow(/Value 1 of the scores is NaN/);
    expect(() => wilsonInterval(3, 2, 0.95)).toThrow(/3 successes of 2 trials/);
    expect(() => wilsonInterval(0, 0, 0.95)).toThrow(/0 trials/);
  });
});

describe('paired tests', () => {
  it('do not care which side is called first', () => {
    fc.assert(
      fc.property(fc.nat(500), fc.nat(500), (first, second) => {
        expect(mcnemar(first, second)).toEqual(mcnemar(second, first));
        expect(mcnemar(first, second).midP).toBeLessThanOrEqual(mcnemar(first, second).exact);
      }),
    );
    expect(mcnemar(0, 0)).toEqual({ exact: 1, midP: 1, chiSquared: 1 });
    expect(() => mcnemar(-1, 2)).toThrow(/-1 pairs/);
  });

  it('by drawn signs come near to what all signs give', () => {
    const differences = [
      0.9013, 0.3171, -0.2239, 0.5107, 0.4549, -0.1301, 0.7213, -0.4127, 0.2579, 0.6131, -0.3407, 0.2083, 0.1151,
      -0.0537,
    ];
    const exact = signFlipTest(differences, { draws: 1, seed: 3 });
    // Two values of nearly no size more, and there are too many patterns to try them all.
    const drawn = signFlipTest([...differences, 1e-12, 1e-12], { draws: 20_000, seed: 3 });
    expect([exact.method, drawn.method]).toEqual(['exact', 'drawn']);
    expect(Math.abs(drawn.pValue - exact.pValue)).toBeLessThan(0.005);
  });

  it('of very many pairs see a difference that is there, and none that is not', () => {
    const random = new SeededRandom(11);
    const noise = Array.from({ length: 30_000 }, () => random.below(2_001) / 1_000 - 1);
    const pValue = (shift: number): number =>
      signFlipTest(
        noise.map((value) => value + shift),
        { draws: 1, seed: 1 },
      ).pValue;
    expect(pValue(0)).toBeGreaterThan(0.01);
    expect(pValue(0.05)).toBeLessThan(1e-9);
    expect(signFlipTest([0, 0], { draws: 1, seed: 1 }).pValue).toBe(1);
  });
});
