import {
  ConflictError,
  DspyNestError,
  ExecutionFailedError,
  ForbiddenError,
  InvalidRequestError,
  NotFoundError,
  OverloadedError,
  UnauthorizedError,
  UnavailableError,
  UnexpectedAnswerError,
  type ErrorFacts,
  type FieldError,
} from './errors';
import type { Execution } from './execution';

/** The codes of the platform's errors that may go away by themselves. */
export const RETRYABLE_CODES: ReadonlySet<string> = new Set([
  'idempotency_key_in_flight',
  'import_in_progress',
  'overloaded',
  'too_many_requests',
  'output_invalid',
  'model_unavailable',
  'no_worker',
  'service_unavailable',
  'timed_out',
]);

// What proxies answer when they cannot reach the platform.
const RETRYABLE_STATUSES = new Set([408, 425, 429, 502, 503, 504]);

const CLASSES: Readonly<Record<number, typeof DspyNestError>> = {
  400: InvalidRequestError,
  401: UnauthorizedError,
  403: ForbiddenError,
  404: NotFoundError,
  409: ConflictError,
  412: ConflictError,
  413: InvalidRequestError,
  415: InvalidRequestError,
  422: InvalidRequestError,
  429: OverloadedError,
  502: UnavailableError,
  503: UnavailableError,
  504: UnavailableError,
};

/** A body of problem+json, as far as it can be relied on. */
interface Problem {
  readonly code?: string;
  readonly detail?: string;
  readonly traceId?: string;
  readonly errors?: readonly FieldError[];
  readonly retryAfterS?: number;
  readonly execution?: Execution;
}

/** The error that an answer without success is. */
export function errorOf(response: Response, text: string, nowMs: number): DspyNestError {
  const { status, url } = response;
  const problem: Problem | undefined = parseObject(text);
  const retryAfterMs = retryAfter(problem, response.headers.get('retry-after'), nowMs);
  if (typeof problem?.code !== 'string' || typeof problem.detail !== 'string') {
    const message = `${url} answered ${status} in a form that DSPy-Nest does not use: another program answers there. Check the url of the client, and proxies on the way.`;
    const retryable = RETRYABLE_STATUSES.has(status);
    return new UnexpectedAnswerError(message, { code: 'unexpected_answer', retryable, status, ...retryAfterMs });
  }
  const { code, detail, traceId, errors, execution } = problem;
  const retryable = execution?.error?.retryable ?? RETRYABLE_CODES.has(code);
  const facts: ErrorFacts = {
    code,
    retryable,
    status,
    ...retryAfterMs,
    ...(traceId !== undefined && { traceId }),
    ...(errors !== undefined && { errors }),
  };
  if (execution !== undefined) return new ExecutionFailedError(detail, facts, execution);
  return new (CLASSES[status] ?? DspyNestError)(detail, facts);
}

/** The object that a text is in JSON; undefined when it is none. */
export function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

// The member comes first: a browser shows the header of another origin only where that allows it.
function retryAfter(
  problem: Problem | undefined,
  header: string | null,
  nowMs: number,
): Pick<ErrorFacts, 'retryAfterMs'> {
  if (typeof problem?.retryAfterS === 'number') return { retryAfterMs: problem.retryAfterS * 1_000 };
  if (header === null) return {};
  const ms = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - nowMs;
  return Number.isNaN(ms) ? {} : { retryAfterMs: Math.max(0, ms) };
}
