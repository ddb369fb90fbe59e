import type { Usage } from '@dspy-nest/contracts';

/** The usage of nothing. */
export const NO_USAGE: Usage = { promptTokens: null, completionTokens: null, costUsd: null };

/** Both together; what is known of neither stays null. */
export function addUsage(one: Usage, other: Usage): Usage {
  const sum = (a: number | null, b: number | null): number | null => (a === null ? b : a + (b ?? 0));
  return {
    promptTokens: sum(one.promptTokens, other.promptTokens),
    completionTokens: sum(one.completionTokens, other.completionTokens),
    costUsd: sum(one.costUsd, other.costUsd),
  };
}
