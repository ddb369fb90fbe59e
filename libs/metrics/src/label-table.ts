/** How well one label was found. A figure that has nothing to divide by is `null`. */
export interface LabelFigures {
  readonly label: string;
  /** Examples that have this label. */
  readonly support: number;
  readonly precision: number | null;
  readonly recall: number | null;
  readonly f1: number | null;
}

/** How often a label was answered where one was expected. */
export interface Confusion {
  readonly expected: string;
  readonly given: string;
  readonly count: number;
}

/** The figures of every label, their plain mean, and what was taken for what. */
export interface LabelTable {
  readonly labels: readonly LabelFigures[];
  /** The mean of F1 over labels that were expected, each counting alike. */
  readonly macroF1: number | null;
  readonly confusion: readonly Confusion[];
}

/** What stands for an execution that gave no answer. */
export const NO_ANSWER = '(no answer)';
const OTHER = '(other)';
// A field with more values than this is no label, and its table would have more cells than anyone reads.
const MAX_LABELS = 50;

/** A label as text: a text itself, any other value as JSON. */
export function labelOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}

/** Precision, recall and F1 for each label, with the confusion matrix; past 50 labels the rarest are one, "(other)". */
export function labelTable(counts: readonly Confusion[]): LabelTable {
  const kept = frequentLabels(counts);
  const confusion = merged(counts, (label) => (kept.has(label) || label === NO_ANSWER ? label : OTHER));
  const names = new Set(confusion.flatMap(({ expected, given }) => [expected, given]));
  names.delete(NO_ANSWER);
  const labels = [...names].toSorted().map((label) => figuresOf(label, confusion));
  const expected = labels.filter(({ support }) => support > 0);
  const sum = expected.reduce((total, { f1 }) => total + (f1 ?? 0), 0);
  return { labels, macroF1: expected.length === 0 ? null : sum / expected.length, confusion };
}

function frequentLabels(counts: readonly Confusion[]): Set<string> {
  const totals = new Map<string, number>();
  for (const { expected, given, count } of counts)
    for (const label of new Set([expected, given])) totals.set(label, (totals.get(label) ?? 0) + count);
  totals.delete(NO_ANSWER);
  const sorted = [...totals].toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return new Set(sorted.slice(0, MAX_LABELS).map(([label]) => label));
}

function merged(counts: readonly Confusion[], name: (label: string) => string): Confusion[] {
  const cells = new Map<string, Confusion>();
  for (const { expected, given, count } of counts) {
    const pair = { expected: name(expected), given: name(given) };
    const key = JSON.stringify([pair.expected, pair.given]);
    cells.set(key, { ...pair, count: (cells.get(key)?.count ?? 0) + count });
  }
  return [...cells].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, cell]) => cell);
}

function figuresOf(label: string, confusion: readonly Confusion[]): LabelFigures {
  const total = (is: (cell: Confusion) => boolean): number =>
    confusion.filter(is).reduce((sum, { count }) => sum + count, 0);
  const support = total(({ expected }) => expected === label);
  const answered = total(({ given }) => given === label);
  const right = total(({ expected, given }) => expected === label && given === label);
  const share = (count: number, of: number): number | null => (of === 0 ? null : count / of);
  return {
    label,
    support,
    precision: share(right, answered),
    recall: share(right, support),
    f1: share(2 * right, support + answered),
  };
}
