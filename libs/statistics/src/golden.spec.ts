import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bootstrapInterval, type BootstrapOptions } from './bootstrap';
import { mcnemar } from './mcnemar';
import { erfc, normalQuantile } from './normal';
import { SeededRandom } from './random';
import { signFlipTest } from './sign-flip';
import { wilsonInterval } from './wilson';

interface Golden {
  random: { seed: number; next: number[] };
  erfc: { x: number; erfc: number }[];
  quantiles: { p: number; z: number }[];
  wilson: { successes: number; trials: number; level: number; low: number; high: number }[];
  mcnemar: { onlyFirst: number; onlySecond: number; exact: number; midP: number; chiSquared: number }[];
  bootstrap: (BootstrapOptions & { values: number[]; low: number; high: number })[];
  signFlip: { differences: number[]; pValue: number }[];
}

// Made by scipy and statsmodels: scripts/statistics/golden.py.
const golden = JSON.parse(readFileSync(join(__dirname, '../fixtures/golden.json'), 'utf8')) as Golden;
const off = (found: number, expected: number): number => Math.abs(found - expected);

describe('values of scipy and statsmodels', () => {
  it('covers every figure', () => {
    expect(golden.random.next).toHaveLength(8);
    const { erfc: erfcs, quantiles, wilson, mcnemar: counts, bootstrap, signFlip } = golden;
    const rows = [erfcs, quantiles, wilson, counts, bootstrap, signFlip].map(({ length }) => length);
    expect(rows).toEqual([11, 9, 24, 8, 30, 4]);
  });

  it('draws the same numbers in both languages', () => {
    const random = new SeededRandom(golden.random.seed);
    expect(golden.random.next.map(() => random.next())).toEqual(golden.random.next);
  });

  it.each(golden.erfc)('erfc($x)', ({ x, erfc: expected }) => {
    expect(Math.abs(erfc(x) / expected - 1)).toBeLessThan(1e-9);
  });

  it.each(golden.quantiles)('quantile of $p', ({ p, z }) => {
    expect(off(normalQuantile(p), z)).toBeLessThan(1e-9);
  });

  it.each(golden.wilson)('Wilson: $successes of $trials at $level', ({ successes, trials, level, low, high }) => {
    const interval = wilsonInterval(successes, trials, level);
    expect(off(interval.low, low)).toBeLessThan(1e-9);
    expect(off(interval.high, high)).toBeLessThan(1e-9);
  });

  it.each(golden.mcnemar)('McNemar: $onlyFirst against $onlySecond', (row) => {
    const found = mcnemar(row.onlyFirst, row.onlySecond);
    expect(off(found.exact, row.exact)).toBeLessThan(1e-9);
    expect(off(found.midP, row.midP)).toBeLessThan(1e-9);
    expect(off(found.chiSquared, row.chiSquared)).toBeLessThan(1e-9);
  });

  it.each(golden.bootstrap)('bootstrap: $method of sample $seed at $level', ({ values, low, high, ...options }) => {
    const interval = bootstrapInterval(values, options);
    expect(off(interval.low, low)).toBeLessThan(1e-9);
    expect(off(interval.high, high)).toBeLessThan(1e-9);
  });

  it.each(golden.signFlip)('sign-flip test of $differences', ({ differences, pValue }) => {
    expect(off(signFlipTest(differences, { draws: 1, seed: 1 }).pValue, pValue)).toBeLessThan(1e-9);
  });
});
