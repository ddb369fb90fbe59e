import type { Batch } from './batch';
import type { Split } from './dataset';
import type { ExecutionStatus, Values } from './execution';

/** Where the true value is, at a level of confidence. */
export interface ScoreInterval {
  low: number;
  high: number;
  level: number;
  method: 'wilson' | 'percentile' | 'bca' | 'normal';
}

/** What an evaluation found. */
export interface EvaluationSummary {
  /** The mean; null when no example could be scored. */
  score: number | null;
  interval: ScoreInterval | null;
  latency: { p50Ms: number; p95Ms: number } | null;
  errors: { code: string; count: number }[];
  /** Of a metric of kind `label`. */
  labels: {
    labels: { label: string; support: number; precision: number | null; recall: number | null; f1: number | null }[];
    macroF1: number | null;
    confusion: { expected: string; given: string; count: number }[];
  } | null;
}

/** How good a version of a program is on examples, by a metric. What is not known is null. */
export interface Evaluation {
  id: string;
  name: string | null;
  program: string;
  programId: string;
  version: number;
  model: string | null;
  metric: string;
  metricId: string;
  metricVersion: number;
  /** null when the examples came with the request. */
  dataset: string | null;
  datasetId: string | null;
  datasetVersion: number | null;
  split: Split | null;
  /** The last three are ends. */
  status: 'queued' | 'running' | 'cancelling' | 'completed' | 'cancelled' | 'failed';
  error: { code: string; message: string; retryable: boolean; details: Values } | null;
  /** `answered` were run, `ended` also scored; `failed` gave no answer and score 0, `unscored` cannot be scored. */
  counts: { total: number; answered: number; ended: number; failed: number; unscored: number };
  progress: { fraction: number; examplesPerS: number | null; etaAt: string | null };
  usage: Batch['usage'];
  /** What judging took; null without a judge. */
  judgeUsage: Batch['usage'] | null;
  /** null until it has ended. */
  summary: EvaluationSummary | null;
  level: number;
  seed: number;
  traceId: string;
  createdAt: string;
  startedAt: string | null;
  finishedAt: string | null;
}

/** What became of one example. */
export interface EvaluationResult {
  /** Its place, from 0. */
  index: number;
  /** The same for the same inputs and expected outputs; in a dataset it is the id of the example. */
  exampleId: string;
  inputs: Values;
  expected: Values;
  executionId: string | null;
  status: Exclude<ExecutionStatus, 'queued' | 'running'>;
  answer: Values | null;
  score: number | null;
  costUsd: number | null;
  totalMs: number | null;
  errorCode: string | null;
  /** null without a judge. */
  judgements:
    | {
        program: string;
        version: number;
        executionId: string | null;
        score: number | null;
        answer: Values | null;
        errorCode: string | null;
      }[]
    | null;
}

/** What two evaluations show on the same examples, and no more. */
export interface EvaluationComparison {
  candidate: string;
  baseline: string;
  verdict: 'improved' | 'not_shown_to_be_better' | 'worse';
  /** All of it in one plain sentence. */
  sentence: string;
  /** The mean of candidate minus baseline. */
  difference: number;
  interval: ScoreInterval;
  pValue: number;
  test: 'mcnemar_exact' | 'sign_flip';
  /** Examples that both have a score of. */
  examples: number;
  /** Examples that only one has a score of; they are left out. */
  unpaired: number;
}

/** What is evaluated: on examples given here, or on a dataset. Versions are the newest unless given. */
export type NewEvaluation = {
  program: string;
  version?: number;
  model?: string;
  metric: string;
  metricVersion?: number;
  name?: string;
  /** How sure the interval is to be; 0.95 unless given. */
  level?: number;
  /** The same seed gives the same figures. */
  seed?: number;
} & (
  | { examples: readonly { inputs: Values; expected: Values }[] }
  | { dataset: string; datasetVersion?: number; split?: Split }
);
