import type { Evaluation, EvaluationComparison } from './evaluation';
import type { Execution, Values } from './execution';

interface Bootstrapping {
  maxBootstrappedDemos?: number;
  maxLabeledDemos?: number;
  maxRounds?: number;
  metricThreshold?: number;
}

/** An optimiser of DSPy and what it is told; what a setting is unless given stands in the guide. */
export type Optimizer =
  | { name: 'LabeledFewShot'; settings: { k?: number } }
  | { name: 'BootstrapFewShot'; settings: Bootstrapping }
  | {
      name: 'BootstrapFewShotWithRandomSearch';
      settings: Bootstrapping & { numCandidates?: number; stopAtScore?: number };
    }
  | {
      name: 'MIPROv2';
      settings: Omit<Bootstrapping, 'maxRounds'> & {
        numCandidates?: number;
        numTrials?: number;
        initTemperature?: number;
      };
    }
  | {
      name: 'GEPA';
      settings: {
        maxMetricCalls?: number;
        reflectionMinibatchSize?: number;
        candidateSelection?: 'pareto' | 'current_best';
        useMerge?: boolean;
      };
    };

/** The search for a better version of a program. What is not known is null. */
export interface Optimization {
  id: string;
  name: string | null;
  program: string;
  programId: string;
  /** The version that is to be improved. */
  version: number;
  dataset: string;
  datasetId: string;
  datasetVersion: number;
  metric: string;
  metricId: string;
  metricVersion: number;
  model: string;
  modelVersion: number;
  format: string;
  optimizer: Optimizer;
  seed: number;
  threads: number;
  level: number;
  /** The optimiser has the first two, and never sees the third. */
  examples: { train: number; validation: number; test: number };
  /** `judging` while the candidate is evaluated on the split test. The last three are ends. */
  status: 'queued' | 'running' | 'stopping' | 'judging' | 'completed' | 'cancelled' | 'failed';
  /** Whether it was stopped on request, with the best until then. */
  stoppedEarly: boolean;
  error: Evaluation['error'];
  /** `planned` and what follows are null where the number of trials is not known beforehand. */
  progress: { trials: number; planned: number | null; fraction: number | null; etaAt: string | null };
  /** Of the program as it was, on validation. */
  parentScore: number | null;
  /** The best on validation so far, which may be the program as it was. */
  best: { trial: number; score: number } | null;
  /** The version that has what was found, not published; null if nothing better was found. */
  candidateVersion: number | null;
  /** The evaluations on the split test, by their ids, and what they show; null while there is no candidate. */
  guard: {
    baseline: string;
    candidate: string;
    comparison: EvaluationComparison | null;
    usage: Execution['usage'];
    /** Optimisations that were judged on this split before; absent until it is judged. */
    earlierUses?: number;
  } | null;
  /** What is shown of the candidate, in one plain sentence. */
  conclusion: string | null;
  publication: {
    requestedAt: string;
    publishedAt: string | null;
    verdict: EvaluationComparison['verdict'] | null;
    /** Why it was published although it is not shown to be better. */
    override: { reason: string } | null;
  } | null;
  /** Answers that models gave. */
  calls: number;
  usage: Execution['usage'];
  /** How often it was begun; after the end of a worker another begins it anew. */
  attempt: number;
  worker: string | null;
  /** Of python, dspy and what else had a part in it; empty until it has ended. */
  versions: Record<string, string>;
  traceId: string;
  createdAt: string;
  startedAt: string | null;
  finishedAt: string | null;
}

/** What is to be improved, on the splits train and validation of a dataset. Versions are the newest unless given. */
export interface NewOptimization {
  program: string;
  /** The published one unless given. */
  version?: number;
  model?: string;
  dataset: string;
  datasetVersion?: number;
  metric: string;
  metricVersion?: number;
  optimizer: Optimizer;
  /** The same seed makes the same draws; 0 unless given. */
  seed?: number;
  /** Examples that are asked at once; 4 unless given. */
  threads?: number;
  /** How sure it has to be that the candidate is better; 0.95 unless given. */
  level?: number;
  name?: string;
}

/** One evaluation of a candidate. */
export interface OptimizationTrial {
  number: number;
  /** Whether all validation examples were asked; only then can a candidate become the best. */
  isFull: boolean;
  /** The mean over the examples. */
  score: number;
  examples: number;
  /** Of the best until then; null before the first full evaluation. */
  bestScore: number | null;
  planned: number | null;
  /** Answers of models until then. */
  calls: number;
  usage: Execution['usage'];
  elapsedMs: number;
}

/** Something that an optimisation had to say, above all a warning of DSPy. */
export interface OptimizationMessage {
  number: number;
  attempt: number;
  at: string;
  text: string;
}

/** Part of what an optimisation told, and what `after` is for the next part; null at the end. */
export interface OptimizationReport<T> {
  items: T[];
  nextAfter: number | null;
}

/** What a candidate says to the model that its parent does not. */
export interface OptimizationDiff {
  predictors: {
    /** null of a program that is one predictor. */
    name: string | null;
    instructions: { before: string; after: string };
    demosBefore: Values[];
    demosAfter: Values[];
  }[];
  /** The same for people: lines with "-" went, lines with "+" came. */
  text: string;
}
