import { executedOutputs, type Field } from '@dspy-nest/signature';
import type { ProgramVersionV1 } from '@dspy-nest/contracts';

const DEFAULT_NAME = 'score';

/** The output of a judge that is its score: the one named, or `score`, or the only one that can be. Undefined if there is none. */
export function scoreField({ signature, module }: ProgramVersionV1, name?: string): Field | undefined {
  const scores = executedOutputs(signature, module).filter(isScore);
  if (name !== undefined) return scores.find((field) => field.name === name);
  return scores.find((field) => field.name === DEFAULT_NAME) ?? (scores.length === 1 ? scores[0] : undefined);
}

/** A score from 0 to 1 by the value of an output that can be one; null for none. Numbers are read between their limits. */
export function scoreOf({ constraints }: Field, value: unknown): number | null {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value !== 'number') return null;
  const { min = 0, max = 1 } = constraints ?? {};
  return Math.min(1, Math.max(0, (value - min) / (max - min)));
}

/** Probabilities, yes and no, and numbers between limits. */
function isScore({ type, constraints }: Field): boolean {
  if (type === 'probability' || type === 'bool') return true;
  const { min, max } = constraints ?? {};
  return (type === 'int' || type === 'float') && min !== undefined && max !== undefined && min < max;
}
