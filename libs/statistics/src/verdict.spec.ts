import { SeededRandom } from './random';
import { judgePairs, type ScoredPair, type Verdict } from './verdict';

const CONFIDENCE = { level: 0.95, seed: 7 };
// `npm run verify:guard` makes 1,000.
const NULL_RUNS = Number(process.env['NULL_RUNS'] ?? 100);
const NULL_EXAMPLES = 40;
const EXAMPLES = 120;

const repeated = (count: number, baseline: number, candidate: number): ScoredPair[] =>
  Array.from({ length: count }, () => ({ baseline, candidate }));

/** How often each verdict falls where both programs are equally good, whatever their scores look like. */
function nullRuns(score: (random: SeededRandom) => number, seed: number): Record<Verdict['verdict'], number> {
  const random = new SeededRandom(seed);
  const counts = { improved: 0, not_shown_to_be_better: 0, worse: 0 };
  for (let run = 0; run < NULL_RUNS; run += 1) {
    const pairs = Array.from({ length: NULL_EXAMPLES }, () => ({ baseline: score(random), candidate: score(random) }));
    counts[judgePairs(pairs, { level: 0.95, seed: run }).verdict] += 1;
  }
  return counts;
}

describe('verdict', () => {
  it('says better, worse and not shown in one sentence with the interval and the level', () => {
    const gained = [...repeated(20, 0, 1), ...repeated(3, 1, 0), ...repeated(97, 1, 1)];
    const lost = gained.map(({ baseline, candidate }) => ({ baseline: candidate, candidate: baseline }));
    const better = judgePairs(gained, CONFIDENCE);
    expect(better).toMatchObject({ verdict: 'improved', test: 'mcnemar_exact', examples: 120 });
    expect(better.sentence).toMatch(
      /^The candidate is better: \+0\.142 on 120 examples, 95 % interval \+0\.0\d\d to \+0\.2\d\d, p < 0\.001\.$/,
    );
    expect(judgePairs(lost, CONFIDENCE).verdict).toBe('worse');
    expect(
      judgePairs([...repeated(4, 0, 1), ...repeated(2, 1, 0), ...repeated(50, 1, 1)], CONFIDENCE).sentence,
    ).toMatch(
      /^The candidate is not shown to be better: \+0\.036 on 56 examples, 95 % interval -0\.0\d\d to \+0\.\d{3}, p = 0\.688\.$/,
    );
  });

  it('is not impressed by a few examples that all went well', () => {
    expect(judgePairs(repeated(5, 0, 1), CONFIDENCE).verdict).toBe('not_shown_to_be_better');
    expect(judgePairs(repeated(6, 0, 1), CONFIDENCE).verdict).toBe('improved');
  });

  it('judges other scores than right and wrong by their size', () => {
    const random = new SeededRandom(3);
    const pairs = Array.from({ length: EXAMPLES }, () => {
      const baseline = random.below(800) / 1_000;
      return { baseline, candidate: baseline + random.below(200) / 1_000 - 0.05 };
    });
    expect(judgePairs(pairs, CONFIDENCE)).toMatchObject({ verdict: 'improved', test: 'sign_flip' });
    expect(judgePairs(repeated(30, 0.5, 0.5), CONFIDENCE)).toMatchObject({ pValue: 1, difference: 0 });
  });

  it('refuses a level that proves nothing, and no pairs', () => {
    expect(() => judgePairs(repeated(3, 0, 1), { level: 1, seed: 1 })).toThrow(/between 0\.5 and 1/);
    expect(() => judgePairs([], CONFIDENCE)).toThrow(/no pairs of scores/);
  });

  it.each([
    ['right and wrong answers', (random: SeededRandom) => Number(random.below(100) < 55)],
    ['rarely right answers', (random: SeededRandom) => Number(random.below(100) < 4)],
    ['even scores', (random: SeededRandom) => random.below(1_000) / 1_000],
    ['skewed scores', (random: SeededRandom) => (random.below(1_000) / 1_000) ** 6],
  ])('calls the candidate better in at most 5 %% of runs on %s where there is no difference', (_, score) => {
    const counts = nullRuns(score, 2_026);
    expect(counts.improved).toBeLessThanOrEqual(NULL_RUNS * 0.05);
    expect(counts.improved + counts.not_shown_to_be_better + counts.worse).toBe(NULL_RUNS);
  });
});
