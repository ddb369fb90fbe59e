/** Values by the names of the fields of a signature. */
export type Values = Record<string, unknown>;

/** The states of an execution. */
export type ExecutionStatus = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled' | 'timed_out';

/** The clocks of one model call, in milliseconds. */
export interface CallLimits {
  connectMs?: number;
  firstTokenMs?: number;
  idleMs?: number;
  attemptMs?: number;
}

/** An execution as the platform answers it; times are in milliseconds, and what is not known is null. */
export interface Execution<In = Values, Out = Values> {
  id: string;
  program: string;
  programId: string;
  version: number;
  signature: string;
  status: ExecutionStatus;
  inputs: In;
  outputs: Out | null;
  /** What a list left out because it is large; the execution by its id has it. */
  omitted: ('inputs' | 'outputs')[];
  error: { code: string; message: string; retryable: boolean; details: Values } | null;
  model: string;
  adapter: string;
  format: string;
  lane: string;
  worker: string | null;
  usage: { promptTokens: number | null; completionTokens: number | null; costUsd: number | null };
  timing: {
    totalMs: number;
    queueMs: number | null;
    workerMs: number | null;
    lmMs: number | null;
    parseMs: number | null;
    overheadMs: number | null;
  } | null;
  recovery: { modelRetries: number; parseRetries: number; repairs: number };
  /** The values that were mended on the way. */
  coercions: { pointer: string; from: unknown; to: unknown; rule: string }[];
  cached: boolean;
  /** Whether its tokens can be followed. */
  stream: boolean;
  /** The number of the last event before its outputs and its end, of one whose tokens could be followed. */
  lastSequence: number | null;
  attempt: number;
  /** The batch whose row it is, and the place of that row, from 0. */
  batchId?: string;
  batchIndex?: number;
  /** The execution that this one did again with new model calls. */
  rerunOf?: string;
  /** The execution whose recorded model answers this one read again. */
  replayOf?: string;
  traceId: string;
  createdAt: string;
  finishedAt: string | null;
}

/** An execution that has its outputs. */
export interface SucceededExecution<In = Values, Out = Values> extends Execution<In, Out> {
  status: 'succeeded';
  outputs: Out;
}

/** A page of a list and the cursor of the next, null at the end. */
export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

type Value = string | number | boolean;
type Comparisons = Partial<Record<'eq' | 'ne' | 'gt' | 'gte' | 'lt' | 'lte' | 'contains', Value>> & {
  in?: readonly Value[];
};

/** What to list: `filter: { program: { eq: 'qa' } }`, `sort: '-createdAt'`. */
export interface ListQuery {
  limit?: number;
  cursor?: string;
  sort?: string;
  filter?: Readonly<Record<string, Readonly<Comparisons>>>;
}

/** Whether an execution has ended. */
export function isFinished({ status }: Pick<Execution, 'status'>): boolean {
  return status !== 'queued' && status !== 'running';
}
