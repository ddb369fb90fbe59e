import type { Setting } from './setting';

/** What one example is scored by: what was expected, what came, and what it took. */
export interface ScoredExample {
  readonly expected: Readonly<Record<string, unknown>>;
  /** `null` if the program gave no answer. */
  readonly answer: Readonly<Record<string, unknown>> | null;
  /** `null` if the price of the model is not known. */
  readonly costUsd: number | null;
  readonly totalMs: number | null;
  /** What the judges of the metric said, each by its definition in the metric. */
  readonly judged?: ReadonlyMap<MetricDefinition, number | null>;
}

/** A metric as it is written: its kind, the output field that it looks at, and the settings of the kind. */
export interface MetricDefinition {
  readonly kind: string;
  readonly field?: string;
  readonly [setting: string]: unknown;
}

/** A kind of metric that looks at one output field. */
export interface FieldKind {
  readonly kind: string;
  readonly settings: Readonly<Record<string, Setting>>;
  /** From 0 to 1. */
  score(expected: unknown, given: unknown, metric: MetricDefinition): number;
}

/** A kind of metric that looks at what an answer took, whatever it says. */
export interface RunKind {
  readonly kind: string;
  readonly settings: Readonly<Record<string, Setting>>;
  /** From 0 to 1; `null` if what it looks at is not known. */
  scoreRun(example: ScoredExample, metric: MetricDefinition): number | null;
}
