// Newton steps that take the start below to the last bits of a double.
const NEWTON_STEPS = 4;
// Below, the series of erf is fast and all its terms are positive; above, the continued fraction of erfc is.
const SERIES_LIMIT = 2.5;

/** The complementary error function, right in its relative size also far out in the tail. */
export function erfc(x: number): number {
  if (x < 0) return 2 - erfc(-x);
  return x < SERIES_LIMIT ? 1 - erfSeries(x) : erfcFraction(x);
}

/** The probability that a standard normal value is at most `z`. */
export function normalCdf(z: number): number {
  return erfc(-z / Math.SQRT2) / 2;
}

/** The value below which a standard normal value is with probability `p`. */
export function normalQuantile(p: number): number {
  if (p <= 0 || p >= 1) throw new RangeError(`A probability of ${p} has no quantile; it must be between 0 and 1.`);
  if (p > 0.5) return -normalQuantile(1 - p);
  let z = quantileStart(p);
  for (let step = 0; step < NEWTON_STEPS; step += 1) {
    const off = (normalCdf(z) - p) / normalPdf(z);
    // Halley's form: the second derivative of the distribution is known, and saves half of the steps.
    z -= off / (1 + (z * off) / 2);
  }
  return z;
}

/** Abramowitz and Stegun, Handbook of Mathematical Functions, 26.2.23: right to 4.5e-4 for the lower half. */
function quantileStart(p: number): number {
  const t = Math.sqrt(-2 * Math.log(p));
  const numerator = 2.515517 + t * (0.802853 + t * 0.010328);
  const denominator = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308));
  return numerator / denominator - t;
}

function normalPdf(z: number): number {
  return Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
}

/** Abramowitz and Stegun 7.1.6. */
function erfSeries(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > sum * Number.EPSILON * 0.1; n += 1) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** Abramowitz and Stegun 7.1.14, from the inside out; the depth suffices for every `x` above the limit of the series. */
function erfcFraction(x: number): number {
  let tail = x;
  for (let k = 120; k >= 1; k -= 1) tail = x + k / 2 / tail;
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / tail;
}
