import { canonicalJson } from '@dspy-nest/signature';
import { normalizedWords } from './normalized-text';

/** Whether two JSON values are the same, whatever the order of their keys. */
export function isSameJson(a: unknown, b: unknown): boolean {
  return canonicalJson(a ?? null) === canonicalJson(b ?? null);
}

/**
 * Scores a text against the text expected, or against the best of a list of right ones, as SQuAD and DSPy do. Other values have no
 * words: they are right if they are the same.
 */
export function scoreWords(
  expected: unknown,
  given: unknown,
  score: (expected: string[], given: string[]) => number,
): number {
  if (typeof given !== 'string') return isSameJson(expected, given) ? 1 : 0;
  const words = normalizedWords(given);
  const rightOnes: unknown[] = Array.isArray(expected) ? expected : [expected];
  const texts = rightOnes.filter((text) => typeof text === 'string');
  return texts.reduce((best, text) => Math.max(best, score(normalizedWords(text), words)), 0);
}
