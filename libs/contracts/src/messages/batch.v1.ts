import { z } from 'zod';
import { TerminalStatus, Usage } from './execution.v1';
import {
  AdapterName,
  FormatName,
  ModelName,
  OpenObject,
  ProgramName,
  ProgramNameOrId,
  SignatureName,
  Timestamp,
  Uuid,
  Version,
} from './primitives';
import { MaxRetries, TimeoutMs } from './time-limits';
import { WireError } from './wire-error';

/** The states of a batch: its rows arrive, its rows are run, and it ends. */
export const BATCH_STATUSES = ['receiving', 'running', 'cancelling', 'completed', 'cancelled', 'failed'] as const;
export const BatchStatus = z.enum(BATCH_STATUSES).meta({ id: 'BatchStatus' });
export type BatchStatus = z.infer<typeof BatchStatus>;

/** Whether no row of a batch in this state will be run any more. */
export function isBatchOver(status: BatchStatus): boolean {
  return status === 'completed' || status === 'cancelled' || status === 'failed';
}

/** Rows that one message brings at most, and rows that one page of results has at most. */
export const BATCH_CHUNK_MAX_ROWS = 1_000;
export const BATCH_RESULTS_MAX_ROWS = 500;

/** Rows of a batch at most; an operator may allow fewer. */
export const BATCH_ROWS_MAX = 16_000_000;

/** How long a batch that nobody sends rows of any more is waited for. */
export const BATCH_UPLOAD_IDLE_MS = 600_000;

const Count = z.int().min(0);
const RowIndex = z.int().min(0).max(BATCH_ROWS_MAX).meta({ description: 'The place of the row, from 0.' });

/** How many rows stand how. `total` is the sum of the others, once all rows have come. */
export const BatchCounts = z
  .strictObject({
    total: Count.meta({ description: 'Rows that have come.' }),
    pending: Count.meta({ description: 'Rows that were not handed to the fleet yet.' }),
    inFlight: Count.meta({ description: 'Rows that wait in its queue or run.' }),
    succeeded: Count,
    failed: Count.meta({ description: 'Rows whose execution failed, and rows that could not be run as they are.' }),
    cancelled: Count,
    timedOut: Count,
  })
  .meta({ id: 'BatchCounts' });
export type BatchCounts = z.infer<typeof BatchCounts>;

/** Tokens and money of all rows that have ended. */
export const BatchUsage = Usage.extend({
  costUsd: z
    .number()
    .min(0)
    .nullable()
    .meta({ description: 'Of the rows with a known price; null when none has one.' }),
  unpriced: Count.meta({ description: 'Rows that were run at an unknown price.' }),
}).meta({ id: 'BatchUsage' });
export type BatchUsage = z.infer<typeof BatchUsage>;

/** How far a batch is and how fast it goes. */
export const BatchProgress = z
  .strictObject({
    fraction: z.number().min(0).max(1).meta({ description: 'Rows that have ended, of all.' }),
    rowsPerS: z.number().min(0).nullable().meta({ description: 'In the last seconds, or over all once it has ended.' }),
    etaAt: Timestamp.nullable().meta({ description: 'When it will end if it goes on like this.' }),
  })
  .meta({ id: 'BatchProgress' });
export type BatchProgress = z.infer<typeof BatchProgress>;

/** A batch as callers see it: one program over many inputs. */
export const BatchV1 = z
  .strictObject({
    id: Uuid,
    name: z.string().max(200).nullable(),
    program: ProgramName,
    programId: Uuid,
    version: Version,
    signature: SignatureName,
    model: ModelName,
    adapter: AdapterName,
    format: FormatName,
    status: BatchStatus,
    error: WireError.nullable().meta({ description: 'Why it failed: its rows did not all come.' }),
    counts: BatchCounts,
    progress: BatchProgress,
    usage: BatchUsage,
    traceId: z.string().length(32),
    createdAt: Timestamp,
    startedAt: Timestamp.nullable().meta({ description: 'When all rows had come.' }),
    finishedAt: Timestamp.nullable(),
  })
  .meta({ id: 'BatchV1' });
export type BatchV1 = z.infer<typeof BatchV1>;

/** Asks for a batch whose rows are about to come; with the same idempotency key it is the same batch. */
export const BatchCreateV1 = z
  .strictObject({
    id: Uuid,
    program: ProgramNameOrId,
    name: z.string().min(1).max(200).optional(),
    version: Version.optional(),
    model: ModelName.optional(),
    adapter: AdapterName.optional(),
    format: FormatName.optional(),
    timeoutMs: TimeoutMs.optional(),
    maxRetries: MaxRetries.optional(),
  })
  .meta({ id: 'BatchCreateV1' });
export type BatchCreateV1 = z.infer<typeof BatchCreateV1>;

/** One row as it was sent: the inputs of an execution, or why it has none. */
export const BatchRowV1 = z
  .union([z.strictObject({ inputs: OpenObject }), z.strictObject({ error: WireError })])
  .meta({ id: 'BatchRowV1' });
export type BatchRowV1 = z.infer<typeof BatchRowV1>;

/** Brings the rows from `first` on. Brought again they change nothing; other rows in their place are refused. */
export const BatchAppendV1 = z
  .strictObject({ id: Uuid, first: RowIndex, rows: z.array(BatchRowV1).min(1).max(BATCH_CHUNK_MAX_ROWS) })
  .meta({ id: 'BatchAppendV1' });
export type BatchAppendV1 = z.infer<typeof BatchAppendV1>;

/** All rows have been brought: from now on they are run. */
export const BatchCloseV1 = z.strictObject({ id: Uuid, rows: Count }).meta({ id: 'BatchCloseV1' });
export type BatchCloseV1 = z.infer<typeof BatchCloseV1>;

/** The rows of a batch will not all come: none is run. */
export const BatchAbortV1 = z.strictObject({ id: Uuid, error: WireError }).meta({ id: 'BatchAbortV1' });
export type BatchAbortV1 = z.infer<typeof BatchAbortV1>;

/** Names one batch. */
export const BatchRefV1 = z.strictObject({ id: Uuid }).meta({ id: 'BatchRefV1' });
export type BatchRefV1 = z.infer<typeof BatchRefV1>;

/** How one row ended. */
export const BatchResultV1 = z
  .strictObject({
    index: RowIndex,
    id: Uuid.nullable().meta({ description: 'Its execution; null for a row that was never run.' }),
    status: TerminalStatus,
    outputs: OpenObject.nullable(),
    error: WireError.nullable(),
    usage: Usage,
    totalMs: z.number().min(0).nullable(),
  })
  .meta({ id: 'BatchResultV1' });
export type BatchResultV1 = z.infer<typeof BatchResultV1>;

/** Asks for results in the order of the rows, of those after the row `after`. */
export const BatchResultsGetV1 = z
  .strictObject({ id: Uuid, after: RowIndex.optional(), limit: z.int().min(1).max(BATCH_RESULTS_MAX_ROWS).optional() })
  .meta({ id: 'BatchResultsGetV1' });
export type BatchResultsGetV1 = z.infer<typeof BatchResultsGetV1>;

/** Results up to the first row that has not ended; `more` says that the next page has some already. */
export const BatchResultsV1 = z
  .strictObject({ items: z.array(BatchResultV1), more: z.boolean(), status: BatchStatus })
  .meta({ id: 'BatchResultsV1' });
export type BatchResultsV1 = z.infer<typeof BatchResultsV1>;
