import { z } from 'zod';
import { BatchCounts, BatchStatus, BatchUsage } from './batch.v1';
import { EvaluationCounts, EvaluationStatus } from './evaluation.v1';
import { TerminalStatus, Usage } from './execution.v1';
import { FeedbackCreatedV1 } from './feedback.v1';
import { OptimizationV1, OptimizationVerdict } from './optimization.v1';
import {
  AdapterName,
  FormatName,
  MetricName,
  ModelName,
  ProgramName,
  SignatureName,
  Timestamp,
  Uuid,
  Version,
} from './primitives';

/** What changed, as a public event tells it: which one, never what it holds. */
export const ResourceChangedV1 = z
  .strictObject({ id: Uuid, name: z.string().max(63), version: Version })
  .meta({ id: 'ResourceChangedV1' });
export type ResourceChangedV1 = z.infer<typeof ResourceChangedV1>;

/** How an execution ended and what it cost, as a public event tells it: without its contents. */
export const ExecutionFinishedV1 = z
  .strictObject({
    id: Uuid,
    program: ProgramName,
    programId: Uuid,
    version: Version,
    signature: SignatureName,
    status: TerminalStatus,
    model: ModelName,
    adapter: AdapterName,
    format: FormatName,
    worker: z.string().nullable(),
    attempt: z.int().min(0),
    usage: Usage,
    totalMs: z.number().min(0),
    lmMs: z.number().min(0).nullable(),
    errorCode: z.string().nullable(),
    finishedAt: Timestamp,
  })
  .meta({ id: 'ExecutionFinishedV1' });
export type ExecutionFinishedV1 = z.infer<typeof ExecutionFinishedV1>;

/** How a batch stands, as a public event tells it: without its contents. */
export const BatchChangedV1 = z
  .strictObject({
    id: Uuid,
    name: z.string().max(200).nullable(),
    program: ProgramName,
    programId: Uuid,
    version: Version,
    status: BatchStatus,
    counts: BatchCounts,
    usage: BatchUsage,
    errorCode: z.string().nullable(),
    finishedAt: Timestamp.nullable(),
  })
  .meta({ id: 'BatchChangedV1' });
export type BatchChangedV1 = z.infer<typeof BatchChangedV1>;

/** How an evaluation stands, as a public event tells it: without its contents. */
export const EvaluationChangedV1 = z
  .strictObject({
    id: Uuid,
    name: z.string().max(200).nullable(),
    program: ProgramName,
    programId: Uuid,
    version: Version,
    metric: MetricName,
    metricVersion: Version,
    status: EvaluationStatus,
    counts: EvaluationCounts,
    score: z.number().nullable().meta({ description: 'The mean score, once it has ended.' }),
    errorCode: z.string().nullable(),
    finishedAt: Timestamp.nullable(),
  })
  .meta({ id: 'EvaluationChangedV1' });
export type EvaluationChangedV1 = z.infer<typeof EvaluationChangedV1>;

/** How an optimisation stands, as a public event tells it: without its contents. */
export const OptimizationChangedV1 = OptimizationV1.pick({
  id: true,
  name: true,
  program: true,
  programId: true,
  version: true,
  dataset: true,
  datasetVersion: true,
  metric: true,
  metricVersion: true,
  status: true,
  parentScore: true,
  best: true,
  calls: true,
  usage: true,
  attempt: true,
  candidateVersion: true,
  conclusion: true,
  finishedAt: true,
})
  .extend({
    optimizer: z.string().meta({ description: 'Its name.' }),
    trials: z.int().min(0),
    planned: z.int().min(1).nullable(),
    verdict: OptimizationVerdict.nullable(),
    errorCode: z.string().nullable(),
  })
  .meta({ id: 'OptimizationChangedV1' });
export type OptimizationChangedV1 = z.infer<typeof OptimizationChangedV1>;

/** One kind of public event. */
interface PublicEvent {
  /** Also its `source`. */
  readonly service: string;
  readonly entity: string;
  readonly verb: string;
  /** What it tells, in a sentence. */
  readonly says: string;
  readonly data:
    | typeof ResourceChangedV1
    | typeof ExecutionFinishedV1
    | typeof FeedbackCreatedV1
    | typeof BatchChangedV1
    | typeof EvaluationChangedV1
    | typeof OptimizationChangedV1;
}

const changed = <const E extends string, const V extends string>(entity: E, verb: V, says: string) =>
  ({ service: 'registry', entity, verb, says, data: ResourceChangedV1 }) as const;
const metric = <const V extends string>(verb: V, says: string) =>
  ({ service: 'optimization', entity: 'metric', verb, says, data: ResourceChangedV1 }) as const;
const finished = <const V extends string>(verb: V, says: string) =>
  ({ service: 'execution', entity: 'execution', verb, says, data: ExecutionFinishedV1 }) as const;
const batch = <const V extends string>(verb: V, says: string) =>
  ({ service: 'execution', entity: 'batch', verb, says, data: BatchChangedV1 }) as const;

const optimization = <const V extends string>(verb: V, says: string) =>
  ({ service: 'optimization', entity: 'optimization', verb, says, data: OptimizationChangedV1 }) as const;

const evaluation = <const V extends string>(verb: V, says: string) =>
  ({ service: 'optimization', entity: 'evaluation', verb, says, data: EvaluationChangedV1 }) as const;

/** All public events. */
export const PUBLIC_EVENTS = [
  changed('signature', 'created', 'A signature was created.'),
  changed('signature', 'updated', 'A signature has a new version.'),
  changed('signature', 'deleted', 'A signature was deleted, with all its versions.'),
  changed(
    'program',
    'published',
    'A program has a new version, its first or another one, which callers get from now on.',
  ),
  changed('program', 'deleted', 'A program was deleted, with all its versions.'),
  changed('model', 'created', 'A model was created.'),
  changed('model', 'updated', 'A model was changed in place.'),
  changed('model', 'deleted', 'A model was deleted.'),
  changed('dataset', 'created', 'A dataset was created, without examples.'),
  changed('dataset', 'updated', 'A dataset has a new version: examples were added.'),
  changed('dataset', 'deleted', 'A dataset was deleted, with all its versions.'),
  metric('created', 'A metric was created.'),
  metric('updated', 'A metric has a new version.'),
  finished('succeeded', 'An execution succeeded.'),
  finished('failed', 'An execution failed; `errorCode` says why.'),
  finished('cancelled', 'An execution was cancelled.'),
  finished('timed-out', 'An execution took longer than it may.'),
  {
    service: 'execution',
    entity: 'feedback',
    verb: 'created',
    says: 'Somebody said something of an execution: a score, a comment, or what it should have answered.',
    data: FeedbackCreatedV1,
  },
  batch('started', 'All rows of a batch have come; they are run now.'),
  batch('progressed', 'More rows of a batch have ended, told at most once a second; `counts` says how.'),
  batch('completed', 'All rows of a batch have ended; `counts` says how.'),
  batch('cancelled', 'A batch was cancelled, and none of its rows runs any more.'),
  batch('failed', 'The rows of a batch did not all come; none was run.'),
  evaluation('started', 'The examples of an evaluation are run now.'),
  evaluation('progressed', 'More examples of an evaluation have ended; `counts` says how many.'),
  evaluation('completed', 'All examples of an evaluation were scored; `score` is their mean.'),
  evaluation('cancelled', 'An evaluation was cancelled, and none of its examples runs any more.'),
  evaluation('failed', 'An evaluation could not be finished; `errorCode` says why.'),
  optimization('started', 'A worker has begun an optimisation, for the first time or anew.'),
  optimization(
    'progressed',
    'More candidates of an optimisation were scored; `trials` and `best` say where it stands.',
  ),
  optimization(
    'judging',
    'The candidate that an optimisation found is evaluated on the untouched split, beside the program as it was.',
  ),
  optimization(
    'completed',
    'An optimisation has ended; `conclusion` says what is shown of its candidate, and no more.',
  ),
  optimization('published', 'The candidate of an optimisation is the published version of its program.'),
  optimization('cancelled', 'An optimisation was cancelled.'),
  optimization('failed', 'An optimisation could not be finished; `errorCode` says why.'),
] as const satisfies readonly PublicEvent[];

/** The `type` of a public event. */
export const publicEventType = ({ service, entity, verb }: Pick<PublicEvent, 'service' | 'entity' | 'verb'>): string =>
  `${service}.${entity}.${verb}.v1`;
