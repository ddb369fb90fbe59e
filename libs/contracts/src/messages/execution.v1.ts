import { z } from 'zod';
import {
  AdapterName,
  FormatName,
  LaneName,
  ModelName,
  OpenObject,
  ProgramName,
  ProgramNameOrId,
  SignatureName,
  Timestamp,
  Uuid,
  Version,
} from './primitives';
import { ModelCallV1, RECORDED_CALLS_MAX } from './model-call.v1';
import { MultiStrategy, ROUTED_MODELS_MAX } from './program-version.v1';
import { CallLimits, CallLimitsChange, MaxRetries, TimeoutMs } from './time-limits';
import { WireError } from './wire-error';

/** The states of an execution. */
export const EXECUTION_STATUSES = ['queued', 'running', 'succeeded', 'failed', 'cancelled', 'timed_out'] as const;
export const ExecutionStatus = z.enum(EXECUTION_STATUSES).meta({ id: 'ExecutionStatus' });
export type ExecutionStatus = z.infer<typeof ExecutionStatus>;

/** The states in which an execution ends. */
export const TerminalStatus = z.enum(['succeeded', 'failed', 'cancelled', 'timed_out']).meta({ id: 'TerminalStatus' });
export type TerminalStatus = z.infer<typeof TerminalStatus>;

/** Whether nothing can follow this state. */
export function isTerminal(status: ExecutionStatus): status is TerminalStatus {
  return status !== 'queued' && status !== 'running';
}

/** Tokens and money; a price that is unknown is null, never 0. */
export const Usage = z
  .strictObject({
    promptTokens: z.int().min(0).nullable(),
    completionTokens: z.int().min(0).nullable(),
    costUsd: z.number().min(0).nullable(),
  })
  .meta({ id: 'Usage' });
export type Usage = z.infer<typeof Usage>;

/** One value that was mended on the way, and how. */
export const Coercion = z
  .strictObject({ pointer: z.string(), from: z.unknown(), to: z.unknown(), rule: z.string() })
  .meta({ id: 'Coercion' });
export type Coercion = z.infer<typeof Coercion>;

/** Where the time of an execution went, in milliseconds. */
export const Timing = z
  .strictObject({
    totalMs: z.number().min(0),
    queueMs: z.number().min(0).nullable(),
    workerMs: z.number().min(0).nullable(),
    lmMs: z.number().min(0).nullable(),
    parseMs: z.number().min(0).nullable(),
    overheadMs: z.number().nullable(),
  })
  .meta({ id: 'Timing' });
export type Timing = z.infer<typeof Timing>;

/** What had to be done again or mended to get to an answer; retries count against the one budget of the execution. */
export const Recovery = z
  .strictObject({
    modelRetries: z
      .int()
      .min(0)
      .meta({ description: 'Calls made again because the model could not be reached or was busy.' }),
    parseRetries: z.int().min(0).meta({ description: 'Calls made again because the answer could not be read.' }),
    repairs: z.int().min(0).meta({ description: 'Answers that could be read only after mending their form.' }),
  })
  .meta({ id: 'Recovery' });
export type Recovery = z.infer<typeof Recovery>;

/** Asks for an execution. `id` comes from the caller, so that asking again is harmless. */
export const ExecutionCreateV1 = z
  .strictObject({
    id: Uuid,
    program: ProgramNameOrId,
    version: Version.optional(),
    inputs: OpenObject,
    model: ModelName.optional(),
    adapter: AdapterName.optional(),
    format: FormatName.optional(),
    timeoutMs: TimeoutMs.optional(),
    limits: CallLimitsChange.optional(),
    maxRetries: MaxRetries.optional(),
    lane: LaneName.optional(),
    stream: z.boolean().optional().meta({
      description: 'Whether tokens can be followed. Default: true for who does not wait and for no batch, else false.',
    }),
    cache: z.boolean().optional().meta({
      description: 'true: an answer to equal inputs may be given again; false: not. As the program says when absent.',
    }),
    wait: z.boolean().meta({ description: 'true: answer with the outcome; false: answer once accepted.' }),
    rerunOf: Uuid.optional().meta({ description: 'The execution that this one does again.' }),
  })
  .meta({ id: 'ExecutionCreateV1' });
export type ExecutionCreateV1 = z.infer<typeof ExecutionCreateV1>;

/** An execution as callers see it. */
export const ExecutionV1 = z
  .strictObject({
    id: Uuid,
    program: ProgramName,
    programId: Uuid,
    version: Version,
    signature: SignatureName,
    status: ExecutionStatus,
    inputs: OpenObject,
    outputs: OpenObject.nullable(),
    omitted: z
      .array(z.enum(['inputs', 'outputs']))
      .meta({ description: 'What a list left out because it is large; the execution by its id has it.' }),
    error: WireError.nullable(),
    model: ModelName,
    adapter: AdapterName,
    format: FormatName,
    lane: LaneName,
    worker: z.string().nullable(),
    usage: Usage,
    timing: Timing.nullable(),
    recovery: Recovery,
    coercions: z.array(Coercion),
    stream: z.boolean().meta({ description: 'Whether its tokens can be followed.' }),
    lastSequence: z.int().min(1).nullable().meta({
      description: 'The number of the last event before `outputs` and the end, of one whose tokens could be followed.',
    }),
    cached: z
      .boolean()
      .meta({ description: 'Whether the outputs are those of an earlier execution, without a model.' }),
    attempt: z.int().min(0),
    batchId: Uuid.optional().meta({ description: 'The batch whose row it is.' }),
    batchIndex: z.int().min(0).optional().meta({ description: 'The place of that row, from 0.' }),
    rerunOf: Uuid.optional().meta({ description: 'The execution that was done again with new model calls.' }),
    replayOf: Uuid.optional().meta({
      description: 'The execution whose recorded model answers were read again, without a model.',
    }),
    traceId: z.string().length(32),
    createdAt: Timestamp,
    finishedAt: Timestamp.nullable(),
  })
  .meta({ id: 'ExecutionV1' });
export type ExecutionV1 = z.infer<typeof ExecutionV1>;

/** One of the models of an execution that has several, and how it is asked. */
export const EnsembleModel = z
  .strictObject({ id: Uuid, version: Version, name: ModelName, format: FormatName })
  .meta({ id: 'EnsembleModel' });
export type EnsembleModel = z.infer<typeof EnsembleModel>;

/** How several models answer for one execution: all at once, or by `chain` one after the other while they are away. */
export const EnsembleStrategy = z.enum([...MultiStrategy.options, 'chain']).meta({ id: 'EnsembleStrategy' });

/** Several models for one execution, in the order in which they count, and which of their answers is taken. */
export const Ensemble = z
  .strictObject({
    strategy: EnsembleStrategy,
    fields: z.array(z.string()).meta({ description: 'The outputs that decide; none for the first answer.' }),
    models: z.array(EnsembleModel).min(2).max(ROUTED_MODELS_MAX),
  })
  .meta({ id: 'Ensemble' });
export type Ensemble = z.infer<typeof Ensemble>;

/** The job of one execution, as a worker pulls it (the `data` of a CloudEvent). */
export const ExecutionRunV1 = z
  .strictObject({
    executionId: Uuid,
    epoch: z.int().min(1).meta({ description: 'Goes up by one each time the sweeper dispatches again.' }),
    programId: Uuid,
    program: ProgramName,
    version: Version,
    programHash: z.string().length(64),
    modelId: Uuid,
    modelVersion: Version,
    format: FormatName,
    ensemble: Ensemble.optional().meta({ description: 'Present where several models are asked, the one above first.' }),
    inputs: OpenObject.nullable().meta({
      description: 'null when they are too large for a job: the execution service gives them.',
    }),
    timeoutMs: z.int().min(1),
    limits: CallLimits,
    maxRetries: MaxRetries,
    record: z.boolean().meta({ description: 'Whether prompts and completions go into the outcome.' }),
    stream: z.literal(true).optional().meta({ description: 'Present where tokens are to be told as they come.' }),
    replayOf: Uuid.optional().meta({
      description: 'The execution whose recording answers in place of the model.',
    }),
    deadlineAt: Timestamp.nullable().meta({
      description: 'When the caller stops waiting; null for who does not wait.',
    }),
    acceptedAtMs: z.number().meta({ description: 'Unix time in milliseconds.' }),
    replyTo: z.string().meta({ description: 'Subject of the replica that holds the caller.' }),
  })
  .meta({ id: 'ExecutionRunV1' });
export type ExecutionRunV1 = z.infer<typeof ExecutionRunV1>;

/** How one attempt ended, told by a worker. */
export const ExecutionOutcomeV1 = z
  .strictObject({
    executionId: Uuid,
    tenant: z.string(),
    epoch: z.int().min(1),
    attempt: z.int().min(1),
    worker: z.string().max(200),
    status: TerminalStatus,
    outputs: OpenObject.nullable(),
    error: WireError.nullable(),
    coercions: z.array(Coercion),
    usage: Usage,
    queueMs: z.number().min(0),
    workerMs: z.number().min(0),
    lmMs: z.number().min(0),
    parseMs: z.number().min(0),
    recovery: Recovery,
    calls: z.array(ModelCallV1).max(RECORDED_CALLS_MAX),
    answeredBy: Uuid.optional().meta({ description: 'Of a job with `ensemble`: the model whose answer was taken.' }),
    lastSequence: z.int().min(2).optional().meta({
      description: 'Of a job with `stream`: the number of the last event that was told; 2 where none was.',
    }),
  })
  .meta({ id: 'ExecutionOutcomeV1' });
export type ExecutionOutcomeV1 = z.infer<typeof ExecutionOutcomeV1>;

/** The answer to an outcome; the job may be acknowledged. `applied` is false when another outcome came first. */
export const OutcomeReceiptV1 = z.strictObject({ applied: z.boolean() }).meta({ id: 'OutcomeReceiptV1' });
export type OutcomeReceiptV1 = z.infer<typeof OutcomeReceiptV1>;

/** A worker has been busy with an execution long enough to say so. */
export const ExecutionStartedV1 = z
  .strictObject({
    executionId: Uuid,
    tenant: z.string(),
    epoch: z.int().min(1),
    attempt: z.int().min(1),
    worker: z.string().max(200),
  })
  .meta({ id: 'ExecutionStartedV1' });
export type ExecutionStartedV1 = z.infer<typeof ExecutionStartedV1>;

/** Tells every worker to stop an execution. */
export const ExecutionCancelSignalV1 = z
  .strictObject({ executionId: Uuid, reason: z.enum(['cancelled', 'timed_out']) })
  .meta({ id: 'ExecutionCancelSignalV1' });
export type ExecutionCancelSignalV1 = z.infer<typeof ExecutionCancelSignalV1>;
