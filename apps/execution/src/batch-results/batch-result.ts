import { type BatchResultV1, type BatchStatus, isBatchOver, isTerminal, type WireError } from '@dspy-nest/contracts';
import type { RowWithExecution } from './batch-results.repository';

const NEVER_RUN: WireError = {
  code: 'cancelled',
  message: 'The row was never run: its batch ended before.',
  retryable: false,
  details: {},
};

/** Milliseconds with a precision that means something. */
const rounded = (ms: number | null): number | null => (ms === null ? null : Math.round(ms * 1000) / 1000);

/** How a row ended, or undefined when it has not. Rows that a batch that is over has not run count as cancelled. */
export function toBatchResult(row: RowWithExecution, status: BatchStatus): BatchResultV1 | undefined {
  const { index, id, outputs, error } = row;
  const usage = { promptTokens: row.prompt_tokens, completionTokens: row.completion_tokens, costUsd: row.cost_usd };
  const told = { index, id, outputs, usage, totalMs: rounded(row.total_ms) };
  if (row.status !== null) return isTerminal(row.status) ? { ...told, status: row.status, error } : undefined;
  if (error !== null) return { ...told, status: 'failed', error };
  return isBatchOver(status) ? { ...told, status: 'cancelled', error: NEVER_RUN } : undefined;
}
