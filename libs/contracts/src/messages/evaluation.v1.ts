import { z } from 'zod';
import { BatchUsage } from './batch.v1';
import { DatasetName, DatasetNameOrId, ExampleSplit } from './dataset.v1';
import { TerminalStatus } from './execution.v1';
import {
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

/** The states of an evaluation: its examples wait to be handed over, they are run and scored, and it ends. */
export const EVALUATION_STATUSES = ['queued', 'running', 'cancelling', 'completed', 'cancelled', 'failed'] as const;
export const EvaluationStatus = z.enum(EVALUATION_STATUSES).meta({ id: 'EvaluationStatus' });
export type EvaluationStatus = z.infer<typeof EvaluationStatus>;

/** Whether an evaluation in this state scores nothing any more. */
export function isEvaluationOver(status: EvaluationStatus): boolean {
  return status === 'completed' || status === 'cancelled' || status === 'failed';
}

/** Examples that a request brings at most, that are taken of a dataset at most, and results that one page has at most. */
export const EVALUATION_EXAMPLES_MAX = 10_000;
export const EVALUATION_DATASET_EXAMPLES_MAX = 100_000;
export const EVALUATION_RESULTS_MAX_ROWS = 500;

/** How sure an interval or a verdict is, unless said otherwise. */
export const EVALUATION_LEVEL_DEFAULT = 0.95;

const Count = z.int().min(0);
const Score = z.number().min(0).max(1);
const Level = z
  .number()
  .min(0.5)
  .max(0.9999)
  .meta({ description: 'How sure the interval is to be; 0.95 unless given.' });
const Seed = z.int().min(0).max(4_294_967_295).meta({ description: 'The same seed gives the same figures.' });

/** The inputs of an execution, and the outputs that are expected of it. */
export const EvaluationExample = z
  .strictObject({ inputs: OpenObject, expected: OpenObject })
  .meta({ id: 'EvaluationExample' });
export type EvaluationExample = z.infer<typeof EvaluationExample>;

/** Asks how good a version of a program is, by a metric: on examples given here, or on those of a dataset in one version and split. */
export const EvaluationCreateV1 = z
  .strictObject({
    program: ProgramNameOrId,
    version: Version.optional(),
    model: ModelName.optional(),
    metric: MetricName,
    metricVersion: Version.optional(),
    examples: z.array(EvaluationExample).min(1).max(EVALUATION_EXAMPLES_MAX).optional(),
    dataset: DatasetNameOrId.optional(),
    datasetVersion: Version.optional().meta({ description: 'The newest unless given.' }),
    split: ExampleSplit.optional().meta({ description: 'All examples of the version unless given.' }),
    name: z.string().min(1).max(200).optional(),
    level: Level.optional(),
    seed: Seed.optional(),
  })
  .refine(({ examples, dataset }) => (examples === undefined) !== (dataset === undefined), {
    error: 'give either "examples" or "dataset"',
    path: ['examples'],
  })
  .refine(({ dataset, datasetVersion, split }) => dataset !== undefined || (datasetVersion ?? split) === undefined, {
    error: '"datasetVersion" and "split" choose examples of a "dataset"; name it',
    path: ['dataset'],
  })
  .meta({ id: 'EvaluationCreateV1' });
export type EvaluationCreateV1 = z.infer<typeof EvaluationCreateV1>;

/** Where the true value is, at a level of confidence. */
export const ScoreInterval = z
  .strictObject({
    low: z.number(),
    high: z.number(),
    level: Level,
    method: z.enum(['wilson', 'percentile', 'bca', 'normal']),
  })
  .meta({ id: 'ScoreInterval' });
export type ScoreInterval = z.infer<typeof ScoreInterval>;

/** How many examples stand how. */
export const EvaluationCounts = z
  .strictObject({
    total: Count,
    answered: Count.meta({ description: 'Examples that were run; judges may have to say something of them yet.' }),
    ended: Count.meta({ description: 'Examples whose execution ended and was counted.' }),
    failed: Count.meta({ description: 'Examples that gave no answer; they score 0.' }),
    unscored: Count.meta({ description: 'Examples whose score cannot be known, such as a cost without a price.' }),
  })
  .meta({ id: 'EvaluationCounts' });
export type EvaluationCounts = z.infer<typeof EvaluationCounts>;

/** How far an evaluation is and how fast it goes. */
export const EvaluationProgress = z
  .strictObject({
    fraction: z.number().min(0).max(1),
    examplesPerS: z.number().min(0).nullable(),
    etaAt: Timestamp.nullable().meta({ description: 'When it will end if it goes on like this.' }),
  })
  .meta({ id: 'EvaluationProgress' });
export type EvaluationProgress = z.infer<typeof EvaluationProgress>;

/** How often examples ended with an error of one code. */
export const ErrorClass = z.strictObject({ code: z.string(), count: Count }).meta({ id: 'ErrorClass' });
export type ErrorClass = z.infer<typeof ErrorClass>;

const Share = Score.nullable();

/** How well each label was found and what was taken for what. */
export const LabelTable = z
  .strictObject({
    labels: z.array(z.strictObject({ label: z.string(), support: Count, precision: Share, recall: Share, f1: Share })),
    macroF1: Share,
    confusion: z.array(z.strictObject({ expected: z.string(), given: z.string(), count: Count })),
  })
  .meta({ id: 'LabelTable' });
export type LabelTable = z.infer<typeof LabelTable>;

/** What an evaluation found, once it has ended. */
export const EvaluationSummary = z
  .strictObject({
    score: z.number().nullable().meta({ description: 'The mean score; null when no example could be scored.' }),
    interval: ScoreInterval.nullable(),
    latency: z.strictObject({ p50Ms: z.number().min(0), p95Ms: z.number().min(0) }).nullable(),
    errors: z.array(ErrorClass),
    labels: LabelTable.nullable().meta({ description: 'Of a metric of kind `label`.' }),
  })
  .meta({ id: 'EvaluationSummary' });
export type EvaluationSummary = z.infer<typeof EvaluationSummary>;

/** An evaluation as callers see it. */
export const EvaluationV1 = z
  .strictObject({
    id: Uuid,
    name: z.string().max(200).nullable(),
    program: ProgramName,
    programId: Uuid,
    version: Version,
    model: ModelName.nullable().meta({ description: 'null is the model of the program.' }),
    metric: MetricName,
    metricId: Uuid,
    metricVersion: Version,
    dataset: DatasetName.nullable().meta({ description: 'null when the examples came with the request.' }),
    datasetId: Uuid.nullable(),
    datasetVersion: Version.nullable(),
    split: ExampleSplit.nullable().meta({ description: 'null is all of the version.' }),
    status: EvaluationStatus,
    error: WireError.nullable(),
    counts: EvaluationCounts,
    progress: EvaluationProgress,
    usage: BatchUsage,
    judgeUsage: BatchUsage.nullable().meta({ description: 'What judging took; null without a judge.' }),
    summary: EvaluationSummary.nullable().meta({ description: 'null until it has ended.' }),
    level: Level,
    seed: Seed,
    traceId: z.string().length(32),
    createdAt: Timestamp,
    startedAt: Timestamp.nullable(),
    finishedAt: Timestamp.nullable(),
  })
  .meta({ id: 'EvaluationV1' });
export type EvaluationV1 = z.infer<typeof EvaluationV1>;

/** Names one evaluation. */
export const EvaluationRefV1 = z.strictObject({ id: Uuid }).meta({ id: 'EvaluationRefV1' });
export type EvaluationRefV1 = z.infer<typeof EvaluationRefV1>;

/** What a judge said of an answer. */
export const Judgement = z
  .strictObject({
    program: ProgramName,
    version: Version,
    executionId: Uuid.nullable(),
    score: Score.nullable(),
    answer: OpenObject.nullable(),
    errorCode: z.string().nullable(),
  })
  .meta({ id: 'Judgement' });
export type Judgement = z.infer<typeof Judgement>;

/** What became of one example. */
export const EvaluationResultV1 = z
  .strictObject({
    index: Count,
    exampleId: z.string().meta({ description: 'The same for the same inputs and expected outputs.' }),
    inputs: OpenObject,
    expected: OpenObject,
    executionId: Uuid.nullable(),
    status: TerminalStatus,
    answer: OpenObject.nullable(),
    score: Score.nullable(),
    costUsd: z.number().min(0).nullable(),
    totalMs: z.number().min(0).nullable(),
    errorCode: z.string().nullable(),
    judgements: z.array(Judgement).nullable().meta({ description: 'null without a judge.' }),
  })
  .meta({ id: 'EvaluationResultV1' });
export type EvaluationResultV1 = z.infer<typeof EvaluationResultV1>;

/** Asks for results in the order of the examples, of those after the example `after`. */
export const EvaluationResultsGetV1 = z
  .strictObject({
    id: Uuid,
    after: Count.optional(),
    limit: z.int().min(1).max(EVALUATION_RESULTS_MAX_ROWS).optional(),
  })
  .meta({ id: 'EvaluationResultsGetV1' });
export type EvaluationResultsGetV1 = z.infer<typeof EvaluationResultsGetV1>;

/** Results as far as they were counted; `more` says that the next page has some already. */
export const EvaluationResultsV1 = z
  .strictObject({ items: z.array(EvaluationResultV1), more: z.boolean(), status: EvaluationStatus })
  .meta({ id: 'EvaluationResultsV1' });
export type EvaluationResultsV1 = z.infer<typeof EvaluationResultsV1>;

/** Asks whether an evaluation shows its program to be better than that of another, on the examples of both. */
export const EvaluationCompareV1 = z.strictObject({ id: Uuid, baseline: Uuid }).meta({ id: 'EvaluationCompareV1' });
export type EvaluationCompareV1 = z.infer<typeof EvaluationCompareV1>;

/** What two evaluations show on the same examples, and no more. */
export const EvaluationComparisonV1 = z
  .strictObject({
    candidate: Uuid,
    baseline: Uuid,
    verdict: z.enum(['improved', 'not_shown_to_be_better', 'worse']),
    sentence: z.string(),
    difference: z.number().meta({ description: 'The mean of candidate minus baseline.' }),
    interval: ScoreInterval,
    pValue: z.number().min(0).max(1),
    test: z.enum(['mcnemar_exact', 'sign_flip']),
    examples: Count.meta({ description: 'Examples that both have a score of.' }),
    unpaired: Count.meta({ description: 'Examples that only one has a score of; they are left out.' }),
  })
  .meta({ id: 'EvaluationComparisonV1' });
export type EvaluationComparisonV1 = z.infer<typeof EvaluationComparisonV1>;
