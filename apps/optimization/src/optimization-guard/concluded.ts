/** What is shown of a candidate, and how often the examples that show it were used before: the best of many is partly the luckiest. */
export function concluded(sentence: string, earlierUses: number): string {
  if (earlierUses === 0) return sentence;
  const judged = earlierUses === 1 ? '1 other optimisation was' : `${earlierUses} other optimisations were`;
  return `${sentence} ${judged} judged on this test split before, so it is not untouched.`;
}
