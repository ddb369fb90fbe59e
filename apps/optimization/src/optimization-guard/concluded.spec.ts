import { concluded } from './concluded';

const SENTENCE = 'The candidate is better: +0.300 on 300 examples.';

it.each([
  [0, SENTENCE],
  [1, `${SENTENCE} 1 other optimisation was judged on this test split before, so it is not untouched.`],
  [7, `${SENTENCE} 7 other optimisations were judged on this test split before, so it is not untouched.`],
])('of a split that was used %p times says so', (earlierUses, conclusion) => {
  expect(concluded(SENTENCE, earlierUses)).toBe(conclusion);
});
