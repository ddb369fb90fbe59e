import { hash as hashOf } from 'node:crypto';
import {
  STRATA_MAX,
  type DatasetSplits,
  type ErrorItem,
  type ExampleSplit,
  type StratumCounts,
} from '@dspy-nest/contracts';
import { ValidationFailedError } from '@dspy-nest/platform';
import type { Field, SignatureSpec } from '@dspy-nest/signature';

/** How many examples there are in each split. */
export type SplitCounts = Readonly<Record<ExampleSplit, number>>;

const STRATIFIABLE = ['string', 'bool', 'int'];
const ORDERS: readonly (readonly ExampleSplit[])[] = [
  ['train', 'test', 'validation'],
  ['train', 'validation', 'test'],
];

/** The stratum of an example: its value of a field in JSON, `null` where it has none. */
export function stratumOf(outputs: Readonly<Record<string, unknown>>, field: string): string {
  return JSON.stringify(Object.hasOwn(outputs, field) ? outputs[field] : null);
}

/** Throws ValidationFailedError when a dataset cannot be stratified by the field that is named. */
export function refuseUnstratifiable({ name, outputs }: SignatureSpec, { stratifyBy }: DatasetSplits): void {
  if (stratifyBy === undefined) return;
  const fields = outputs.filter(canStratify).map((field) => field.name);
  if (fields.includes(stratifyBy)) return;
  const remedy =
    fields.length === 0 ? 'It has none, so leave stratifyBy out.' : `Name one of these: ${fields.join(', ')}.`;
  const message =
    `A dataset is stratified by an output that is an enum, a string, a bool or an int, and "${stratifyBy}" is none of ` +
    `signature "${name}". ${remedy}`;
  throw refusal({ pointer: '/splits/stratifyBy', code: 'not_stratifiable', message });
}

/** The strata that there are with those of some examples. Throws ValidationFailedError when these are too many. */
export function withStrata(known: readonly string[], more: Iterable<string>, field: string): string[] {
  const strata = new Set(known);
  for (const stratum of more) strata.add(stratum);
  if (strata.size <= STRATA_MAX) return [...strata];
  const message =
    `"${field}", by which the dataset is stratified, has more than ${STRATA_MAX} values, the most there can be. Nothing was ` +
    'added. Make a dataset that is stratified by a field with few values, or by none.';
  throw refusal({ pointer: '/examples', code: 'too_many_strata', message });
}

/**
 * How many of the examples of a stratum that came go to each split: each goes to the split that is then furthest below its share of
 * all, so that from nothing these are the largest remainders, and no split is a whole example off. Which of two that are as far
 * comes first is drawn by seed and stratum, so that small strata do not all favour the same.
 */
export function allot(
  splits: DatasetSplits,
  { stratum, counts, arrived }: { stratum: string; counts: SplitCounts; arrived: number },
): SplitCounts {
  const { validation, test } = splits;
  const shares = { train: 1 - validation - test, validation, test };
  const all = counts.train + counts.validation + counts.test + arrived;
  const order = ORDERS[Number.parseInt(hashOf('sha256', `${splits.seed}\n${stratum}`, 'hex').slice(0, 2), 16) % 2]!;
  const allotted = { train: 0, validation: 0, test: 0 };
  const missing = (split: ExampleSplit): number => shares[split] * all - counts[split] - allotted[split];
  for (let left = arrived; left > 0; left -= 1) {
    let furthest = order[0]!;
    for (const split of order) if (missing(split) > missing(furthest)) furthest = split;
    allotted[furthest] += 1;
  }
  return allotted;
}

/** The counts of strata with more examples, in the order of their values in JSON. */
export function addToStrata(
  strata: readonly StratumCounts[],
  examples: Iterable<{ stratum: string; split: ExampleSplit; count: number }>,
): StratumCounts[] {
  const sums = new Map(strata.map((counts) => [JSON.stringify(counts.value), { ...counts }]));
  for (const { stratum, split, count } of examples) {
    const value = JSON.parse(stratum) as StratumCounts['value'];
    const sum = sums.get(stratum) ?? { value, total: 0, train: 0, validation: 0, test: 0 };
    sum.total += count;
    sum[split] += count;
    sums.set(stratum, sum);
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, counts]) => counts);
}

function canStratify({ type }: Field): boolean {
  return typeof type === 'string' ? STRATIFIABLE.includes(type) : type.kind === 'enum';
}

const refusal = (error: ErrorItem): ValidationFailedError => new ValidationFailedError(error.message, [error]);
