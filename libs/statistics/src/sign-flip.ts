import { erfc } from './normal';
import { SeededRandom } from './random';
import { assertSample, mean } from './sample';

// 2^14 sums are faster than the random draws that they replace, and exact.
const EXACT_PAIRS = 14;
// Beyond, the mean is normal for every score that is used, and draws would take seconds.
const DRAWN_PAIRS = 20_000;
// Sums of the same terms in another order differ in their last bits; scipy allows the same.
const SLACK = 1e-14;

/** A p-value and how it was found. */
export interface SignFlip {
  readonly pValue: number;
  readonly method: 'exact' | 'drawn' | 'normal';
}

/**
 * The paired permutation test of "the mean difference is zero" (E. J. G. Pitman, JRSS Suppl. 4, 1937): if nothing differs, each
 * difference could as well have the other sign. Two-sided. All sign patterns for few pairs, seeded draws for more.
 */
export function signFlipTest(differences: readonly number[], options: { draws: number; seed: number }): SignFlip {
  assertSample(differences, 'differences of a paired test');
  const sizes = Float64Array.from(differences.filter((value) => value !== 0).map(Math.abs));
  if (sizes.length === 0) return { pValue: 1, method: 'exact' };
  const observed = Math.abs(differences.reduce((sum, value) => sum + value, 0));
  const reached = observed - SLACK * Math.max(1, observed);
  if (sizes.length <= EXACT_PAIRS) return { pValue: exactShare(sizes, reached), method: 'exact' };
  if (sizes.length <= DRAWN_PAIRS) return { pValue: drawnShare(sizes, reached, options), method: 'drawn' };
  return { pValue: normalShare(differences), method: 'normal' };
}

function exactShare(sizes: Float64Array, reached: number): number {
  const patterns = 2 ** sizes.length;
  let count = 0;
  for (let pattern = 0; pattern < patterns; pattern += 1) {
    let sum = 0;
    for (let bit = 0; bit < sizes.length; bit += 1)
      sum += pattern & (1 << bit) ? (sizes[bit] ?? 0) : -(sizes[bit] ?? 0);
    if (Math.abs(sum) >= reached) count += 1;
  }
  return count / patterns;
}

/** One is added above and below (B. Phipson, G. Smyth, 2010): what was seen is a pattern too, so a p-value is never 0. */
function drawnShare(sizes: Float64Array, reached: number, { draws, seed }: { draws: number; seed: number }): number {
  const random = new SeededRandom(seed);
  let count = 0;
  for (let draw = 0; draw < draws; draw += 1) if (Math.abs(drawnSum(sizes, random)) >= reached) count += 1;
  return (count + 1) / (draws + 1);
}

function drawnSum(sizes: Float64Array, random: SeededRandom): number {
  let sum = 0;
  let bits = 0;
  for (let index = 0; index < sizes.length; index += 1) {
    if (index % 32 === 0) bits = random.next();
    sum += bits & 1 ? (sizes[index] ?? 0) : -(sizes[index] ?? 0);
    bits >>>= 1;
  }
  return sum;
}

function normalShare(differences: readonly number[]): number {
  const centre = mean(differences);
  const variance = differences.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (differences.length - 1);
  const z = centre / Math.sqrt(variance / differences.length);
  return erfc(Math.abs(z) / Math.SQRT2);
}
