import type { ExecutionStatus, Values } from './execution';

/** A batch as the platform answers it: one program over many inputs. What is not known is null. */
export interface Batch {
  id: string;
  name: string | null;
  program: string;
  programId: string;
  version: number;
  signature: string;
  model: string;
  adapter: string;
  format: string;
  /** `receiving` while rows come; the last three are ends. `completed` says that all rows have ended, not that all are well. */
  status: 'receiving' | 'running' | 'cancelling' | 'completed' | 'cancelled' | 'failed';
  /** Why it failed: its rows did not all come. */
  error: { code: string; message: string; retryable: boolean; details: Values } | null;
  counts: {
    total: number;
    /** Rows that the fleet does not have yet. */
    pending: number;
    inFlight: number;
    succeeded: number;
    failed: number;
    cancelled: number;
    timedOut: number;
  };
  /** `fraction` is that of the rows that have ended. */
  progress: { fraction: number; rowsPerS: number | null; etaAt: string | null };
  /** Of all rows that have ended; `unpriced` is how many of them ran at an unknown price. */
  usage: { promptTokens: number | null; completionTokens: number | null; costUsd: number | null; unpriced: number };
  traceId: string;
  createdAt: string;
  startedAt: string | null;
  finishedAt: string | null;
}

/** How one row of a batch ended. */
export type BatchResult<Out = Values> = {
  /** The place of the row, from 0. */
  index: number;
  /** Its execution; null for a row that was never run. */
  id: string | null;
  usage: { promptTokens: number | null; completionTokens: number | null; costUsd: number | null };
  totalMs: number | null;
} & (
  | { status: 'succeeded'; outputs: Out; error: null }
  | {
      status: Exclude<ExecutionStatus, 'queued' | 'running' | 'succeeded'>;
      outputs: null;
      error: NonNullable<Batch['error']> | null;
    }
);

/** How to run all rows of a batch, where that differs from what the program says. */
export interface BatchOptions {
  /** What the batch is called in lists. */
  name?: string;
  model?: string;
  adapter?: 'auto' | 'python' | 'native' | 'multi' | 'router';
  format?: 'auto' | 'chat' | 'json' | 'xml' | 'completion';
  /** A version of the program, instead of the published one. */
  version?: number;
  /** The total time of each row. */
  timeoutMs?: number;
  /** How often the platform may ask the model again for a row. */
  maxRetries?: number;
  /** Names what is sent, so that rows sent again, also from another process, are run once. An array has one of its own. */
  idempotencyKey?: string;
  /** Ends the upload with its reason; nothing of it is run. */
  signal?: AbortSignal;
}

/** Whether no row of a batch will be run any more. */
export function isBatchOver(status: unknown): boolean {
  return status === 'completed' || status === 'cancelled' || status === 'failed';
}
