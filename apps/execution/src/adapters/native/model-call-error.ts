import type { ErrorDetails } from '@dspy-nest/contracts';

const QUOTED_MAX = 500;
const TRANSIENT_STATUSES: ReadonlySet<number> = new Set([408, 409, 425, 429]);

/** A model call that brought no answer. `isTransient` says that the same call may succeed when it is made again. */
export class ModelCallError extends Error {
  override readonly name = 'ModelCallError';
  readonly code: 'model_unavailable' | 'model_error';

  constructor(
    message: string,
    readonly isTransient: boolean,
    readonly details: ErrorDetails = {},
  ) {
    super(message);
    this.code = isTransient ? 'model_unavailable' : 'model_error';
  }

  /** How long the server wants to be left alone, in milliseconds. */
  get retryAfterMs(): number {
    const { retryAfterS } = this.details;
    return typeof retryAfterS === 'number' ? retryAfterS * 1_000 : 0;
  }
}

/** The error of an answer that is not 200. */
export function refusalError(
  server: string,
  refusal: { readonly status: number; readonly text: string; readonly retryAfter: string | undefined },
): ModelCallError {
  const { status, text, retryAfter } = refusal;
  const said = saidIn(text);
  let message = `The model server at ${server} answered HTTP ${status}${said === '' ? '.' : `: ${said}`}`;
  if (status >= 300 && status < 400) {
    message += ' It sends the call elsewhere, which is not followed. Give the model the final address as its base URL.';
  }
  const retryAfterS = retryAfterOf(retryAfter);
  const isTransient = TRANSIENT_STATUSES.has(status) || (status >= 500 && status < 600);
  return new ModelCallError(message, isTransient, {
    httpStatus: status,
    ...(retryAfterS !== undefined && { retryAfterS }),
  });
}

/** Seconds of a Retry-After header, which has seconds or a date; undefined if it says nothing usable. */
export function retryAfterOf(value: string | undefined, nowMs = Date.now()): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d{1,9}(\.\d{1,9})?$/.test(value)) return Number(value);
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, (at - nowMs) / 1_000);
}

function saidIn(text: string): string {
  let said = text;
  try {
    const { error } = JSON.parse(text) as { error?: unknown };
    if (typeof error === 'string') said = error;
    else if (typeof error === 'object' && error !== null) {
      said = 'message' in error && typeof error.message === 'string' ? error.message : JSON.stringify(error);
    }
  } catch {
    // What is no JSON is quoted as it is.
  }
  return said.trim().slice(0, QUOTED_MAX);
}
