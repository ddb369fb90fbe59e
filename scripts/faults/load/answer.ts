import { isTerminal, type ExecutionStatus, type JsonObject } from '@dspy-nest/contracts';
import type { ToldOutcome } from './wish';

/** What an answer of the gateway means to a client that wants an execution to be over. */
export type Answer =
  | { readonly kind: 'ended'; readonly outcome: ToldOutcome }
  | { readonly kind: 'open'; readonly executionId: string }
  | { readonly kind: 'again'; readonly reason: string; readonly afterMs: number }
  | { readonly kind: 'refused'; readonly reason: string };

interface Body {
  readonly id?: string;
  readonly status?: ExecutionStatus;
  readonly outputs?: JsonObject | null;
  readonly code?: string;
  readonly detail?: string;
  readonly execution?: Body;
  readonly retryAfterS?: number;
}

const MS_PER_S = 1_000;
const TOO_MANY = 429;
const CONFLICT = 409;
const SERVER_FAULT = 500;

/** Reads the answer to a request that creates or reads an execution. */
export function readAnswer(httpStatus: number, text: string): Answer {
  const body = parsed(text);
  if (body === undefined) return { kind: 'again', reason: `${httpStatus} no JSON`, afterMs: 0 };
  const execution = body.execution ?? (httpStatus < 300 ? body : undefined);
  if (execution?.id !== undefined) return answerOf(execution.id, execution);
  const reason = `${httpStatus} ${body.code ?? 'without a code'}`;
  if (isWorthRepeating(httpStatus, body.code)) {
    return { kind: 'again', reason, afterMs: (body.retryAfterS ?? 0) * MS_PER_S };
  }
  return { kind: 'refused', reason: `${reason}: ${body.detail ?? text}` };
}

function answerOf(executionId: string, { status, outputs }: Body): Answer {
  if (status === undefined || !isTerminal(status)) return { kind: 'open', executionId };
  return { kind: 'ended', outcome: { executionId, status, outputs: outputs ?? null } };
}

function isWorthRepeating(httpStatus: number, code: string | undefined): boolean {
  if (httpStatus === CONFLICT) return code === 'idempotency_key_in_flight';
  return httpStatus === TOO_MANY || httpStatus >= SERVER_FAULT;
}

function parsed(text: string): Body | undefined {
  try {
    return JSON.parse(text) as Body;
  } catch {
    return undefined;
  }
}
