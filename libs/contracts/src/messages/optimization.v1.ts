import { z } from 'zod';
import { DatasetName, DatasetNameOrId } from './dataset.v1';
import { EvaluationComparisonV1 } from './evaluation.v1';
import { Usage } from './execution.v1';
import { OptimizerV1 } from './optimizer.v1';
import { OPTIMIZATION_LIMITS, OptimizationMessage, OptimizationTrial } from './optimization-run.v1';
import { PAGE_LIMIT_MAX } from './page';
import {
  FormatName,
  MetricName,
  ModelName,
  OpenObject,
  ProgramName,
  ProgramNameOrId,
  Timestamp,
  Uuid,
  Version,
} from './primitives';
import { WireError } from './wire-error';

/**
 * The states of an optimisation: it waits for a worker, is run, is told to stop with the best until then; its candidate is judged on
 * examples that it never saw; and it ends.
 */
export const OPTIMIZATION_STATUSES = [
  'queued',
  'running',
  'stopping',
  'judging',
  'completed',
  'cancelled',
  'failed',
] as const;
export const OptimizationStatus = z.enum(OPTIMIZATION_STATUSES).meta({ id: 'OptimizationStatus' });
export type OptimizationStatus = z.infer<typeof OptimizationStatus>;

/** Whether an optimisation in this state changes no more. */
export function isOptimizationOver(status: OptimizationStatus): boolean {
  return status === 'completed' || status === 'cancelled' || status === 'failed';
}

/** How many examples are asked at once, unless said otherwise. */
export const OPTIMIZATION_THREADS_DEFAULT = 4;
export const OPTIMIZATION_SEED_MAX = 2_147_483_647;

const Count = z.int().min(0);
const Score = z.number().min(0).max(1);
const Seed = z.int().min(0).max(OPTIMIZATION_SEED_MAX).meta({ description: 'Decides every draw; 0 unless given.' });
const Threads = z
  .int()
  .min(1)
  .max(OPTIMIZATION_LIMITS.threads)
  .meta({ description: 'Examples that are asked at once; 4 unless given.' });

const Level = z
  .number()
  .min(0.5)
  .max(0.9999)
  .meta({ description: 'How sure it has to be that the candidate is better; 0.95 unless given.' });

/** Asks an optimiser to improve a version of a program on the splits train and validation of a version of a dataset. */
export const OptimizationCreateV1 = z
  .strictObject({
    program: ProgramNameOrId,
    version: Version.optional(),
    model: ModelName.optional(),
    dataset: DatasetNameOrId,
    datasetVersion: Version.optional(),
    metric: MetricName,
    metricVersion: Version.optional(),
    optimizer: OptimizerV1,
    seed: Seed.optional(),
    threads: Threads.optional(),
    level: Level.optional(),
    name: z.string().min(1).max(200).optional(),
  })
  .meta({ id: 'OptimizationCreateV1' });
export type OptimizationCreateV1 = z.infer<typeof OptimizationCreateV1>;

/** How far an optimisation is. */
export const OptimizationProgress = z
  .strictObject({
    trials: Count.meta({ description: 'Candidates that were scored.' }),
    planned: z.int().min(1).nullable().meta({ description: 'Trials that it will make in all, where that is known.' }),
    fraction: Score.nullable().meta({ description: 'null where the number of trials is not known beforehand.' }),
    etaAt: Timestamp.nullable().meta({ description: 'When the last trial will end if it goes on like this.' }),
  })
  .meta({ id: 'OptimizationProgress' });
export type OptimizationProgress = z.infer<typeof OptimizationProgress>;

/** How many examples there are of each split: the optimiser has the first two and never sees the third. */
export const OptimizationExampleCounts = z
  .strictObject({ train: Count, validation: Count, test: Count })
  .meta({ id: 'OptimizationExampleCounts' });
export type OptimizationExampleCounts = z.infer<typeof OptimizationExampleCounts>;

export const OptimizationVerdict = EvaluationComparisonV1.shape.verdict.meta({ id: 'OptimizationVerdict' });
export type OptimizationVerdict = z.infer<typeof OptimizationVerdict>;

/** How the candidate was judged: both versions were evaluated on the untouched split, and compared example by example. */
export const OptimizationGuard = z
  .strictObject({
    baseline: Uuid.meta({ description: 'The evaluation of the program as it was.' }),
    candidate: Uuid.meta({ description: 'The evaluation of the candidate.' }),
    comparison: EvaluationComparisonV1.nullable().meta({
      description: 'null until both have ended, or if one failed.',
    }),
    usage: Usage.meta({ description: 'What both evaluations used.' }),
    earlierUses: Count.optional().meta({
      description:
        'Optimisations that were judged on the split test of the dataset before, in any version; absent until it is judged.',
    }),
  })
  .meta({ id: 'OptimizationGuard' });
export type OptimizationGuard = z.infer<typeof OptimizationGuard>;

/** That the candidate was published, and against what advice. */
export const OptimizationPublication = z
  .strictObject({
    requestedAt: Timestamp,
    publishedAt: Timestamp.nullable(),
    verdict: OptimizationVerdict.nullable(),
    override: z
      .strictObject({ reason: z.string() })
      .nullable()
      .meta({ description: 'Why it was published although it is not shown to be better.' }),
  })
  .meta({ id: 'OptimizationPublication' });
export type OptimizationPublication = z.infer<typeof OptimizationPublication>;

/** An optimisation as callers see it. */
export const OptimizationV1 = z
  .strictObject({
    id: Uuid,
    name: z.string().max(200).nullable(),
    program: ProgramName,
    programId: Uuid,
    version: Version.meta({ description: 'The version that is to be improved.' }),
    dataset: DatasetName,
    datasetId: Uuid,
    datasetVersion: Version,
    metric: MetricName,
    metricId: Uuid,
    metricVersion: Version,
    model: ModelName,
    modelVersion: Version,
    format: FormatName,
    optimizer: OptimizerV1,
    seed: Seed,
    threads: Threads,
    level: Level,
    examples: OptimizationExampleCounts,
    status: OptimizationStatus,
    stoppedEarly: z.boolean().meta({ description: 'Whether it was stopped on request, with the best until then.' }),
    error: WireError.nullable(),
    progress: OptimizationProgress,
    parentScore: Score.nullable().meta({ description: 'Of the program as it was, on validation.' }),
    best: z
      .strictObject({ trial: z.int().min(1), score: Score })
      .nullable()
      .meta({ description: 'The best candidate on validation so far, which may be the program as it was.' }),
    candidateVersion: Version.nullable().meta({
      description:
        'The version of the program that has what was found, not published; null if nothing better was found.',
    }),
    guard: OptimizationGuard.nullable().meta({ description: 'null while there is no candidate.' }),
    conclusion: z.string().nullable().meta({ description: 'What is shown of the candidate, in one plain sentence.' }),
    publication: OptimizationPublication.nullable(),
    calls: Count.meta({ description: 'Answers that models gave.' }),
    usage: Usage,
    attempt: Count.meta({ description: 'How often it was begun; after the end of a worker another begins it anew.' }),
    worker: z.string().nullable(),
    versions: z
      .record(z.string(), z.string())
      .meta({ description: 'Of python, dspy and what else had a part in it; empty until it has ended.' }),
    traceId: z.string().length(32),
    createdAt: Timestamp,
    startedAt: Timestamp.nullable(),
    finishedAt: Timestamp.nullable(),
  })
  .meta({ id: 'OptimizationV1' });
export type OptimizationV1 = z.infer<typeof OptimizationV1>;

/** Publishes the candidate of an optimisation. One that is not shown to be better needs a reason, which is recorded. */
export const OptimizationPublishV1 = z
  .strictObject({
    id: Uuid,
    override: z.strictObject({ reason: z.string().min(1).max(2_000) }).optional(),
  })
  .meta({ id: 'OptimizationPublishV1' });
export type OptimizationPublishV1 = z.infer<typeof OptimizationPublishV1>;

/** What a candidate says to the model that its parent does not. */
export const OptimizationDiffV1 = z
  .strictObject({
    predictors: z.array(
      z.strictObject({
        name: z.string().nullable().meta({ description: 'null of a program that is one predictor.' }),
        instructions: z.strictObject({ before: z.string(), after: z.string() }),
        demosBefore: z.array(OpenObject),
        demosAfter: z.array(OpenObject),
      }),
    ),
    text: z.string().meta({ description: 'The same for people: lines with "-" went, lines with "+" came.' }),
  })
  .meta({ id: 'OptimizationDiffV1' });
export type OptimizationDiffV1 = z.infer<typeof OptimizationDiffV1>;

/** Names one optimisation. */
export const OptimizationRefV1 = z.strictObject({ id: Uuid }).meta({ id: 'OptimizationRefV1' });
export type OptimizationRefV1 = z.infer<typeof OptimizationRefV1>;

/** Asks for what an optimisation told, in the order of its numbers, of what comes after `after`. */
export const OptimizationPageGetV1 = z
  .strictObject({ id: Uuid, after: Count.optional(), limit: z.int().min(1).max(PAGE_LIMIT_MAX).optional() })
  .meta({ id: 'OptimizationPageGetV1' });
export type OptimizationPageGetV1 = z.infer<typeof OptimizationPageGetV1>;

const NextAfter = Count.nullable().meta({ description: 'What `after` is for the next page; null at the end.' });

/** Trials of the present attempt, and the number to go on after. */
export const OptimizationTrialsV1 = z
  .strictObject({ items: z.array(OptimizationTrial), nextAfter: NextAfter })
  .meta({ id: 'OptimizationTrialsV1' });
export type OptimizationTrialsV1 = z.infer<typeof OptimizationTrialsV1>;

/** What a run had to say, and the number to go on after. */
export const OptimizationLogV1 = z
  .strictObject({
    items: z.array(OptimizationMessage.extend({ number: z.int().min(1), attempt: z.int().min(1) })),
    nextAfter: NextAfter,
  })
  .meta({ id: 'OptimizationLogV1' });
export type OptimizationLogV1 = z.infer<typeof OptimizationLogV1>;
