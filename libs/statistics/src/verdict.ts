import type { Interval } from './interval';
import { mcnemar } from './mcnemar';
import { assertSample, mean } from './sample';
import { meanInterval, RESAMPLES, type Confidence } from './score-interval';
import { signFlipTest } from './sign-flip';
import { StatisticsError } from './statistics-error';

/** The scores of two programs on one example. */
export interface ScoredPair {
  readonly baseline: number;
  readonly candidate: number;
}

/** What two sets of scores on the same examples show, and no more. */
export interface Verdict {
  readonly verdict: 'improved' | 'not_shown_to_be_better' | 'worse';
  /** All of it in one plain sentence. */
  readonly sentence: string;
  /** The mean of candidate minus baseline. */
  readonly difference: number;
  readonly interval: Interval;
  readonly pValue: number;
  readonly test: 'mcnemar_exact' | 'sign_flip';
  readonly examples: number;
}

/**
 * Whether the candidate is better than the baseline, by scores where more is better. Right and wrong answers are judged by McNemar's
 * exact test, other scores by the sign-flip test; a difference counts only if its interval agrees, so neither can prove alone.
 */
export function judgePairs(pairs: readonly ScoredPair[], confidence: Confidence): Verdict {
  if (!(confidence.level > 0.5 && confidence.level < 1))
    throw new StatisticsError(
      `A level of ${confidence.level} proves nothing; give one between 0.5 and 1, such as 0.95.`,
    );
  const differences = pairs.map(({ baseline, candidate }) => candidate - baseline);
  assertSample(differences, 'pairs of scores');
  const interval = meanInterval(differences, confidence);
  const difference = mean(differences);
  const { pValue, test } = pairedTest(pairs, differences, confidence);
  const isProven = pValue < 1 - confidence.level && (interval.low > 0 || interval.high < 0);
  const verdict = !isProven ? 'not_shown_to_be_better' : difference > 0 ? 'improved' : 'worse';
  const found = { verdict, difference, interval, pValue, test, examples: pairs.length } as const;
  return { ...found, sentence: sentenceOf(found) };
}

function pairedTest(
  pairs: readonly ScoredPair[],
  differences: readonly number[],
  { seed }: Confidence,
): Pick<Verdict, 'pValue' | 'test'> {
  const isRightOrWrong = pairs.every(({ baseline, candidate }) => isBit(baseline) && isBit(candidate));
  if (!isRightOrWrong)
    return { pValue: signFlipTest(differences, { draws: RESAMPLES, seed }).pValue, test: 'sign_flip' };
  const gained = differences.filter((value) => value > 0).length;
  const lost = differences.filter((value) => value < 0).length;
  return { pValue: mcnemar(lost, gained).exact, test: 'mcnemar_exact' };
}

function isBit(score: number): boolean {
  return score === 0 || score === 1;
}

const OPENINGS = {
  improved: 'The candidate is better',
  not_shown_to_be_better: 'The candidate is not shown to be better',
  worse: 'The candidate is worse',
} as const;

function sentenceOf({ verdict, difference, interval, pValue, examples }: Omit<Verdict, 'sentence'>): string {
  const range = `${signed(interval.low)} to ${signed(interval.high)}`;
  const level = `${Number((interval.level * 100).toFixed(4))} %`;
  const among = examples === 1 ? '1 example' : `${examples} examples`;
  return `${OPENINGS[verdict]}: ${signed(difference)} on ${among}, ${level} interval ${range}, ${pText(pValue)}.`;
}

function signed(value: number): string {
  const text = value.toFixed(3);
  return value > 0 ? `+${text}` : text;
}

function pText(pValue: number): string {
  return pValue < 0.001 ? 'p < 0.001' : `p = ${pValue.toFixed(3)}`;
}
