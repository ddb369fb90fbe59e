import {
  ERROR_CODES,
  isErrorCode,
  type ErrorCode,
  type ErrorDetails,
  type ErrorItem,
  type WireError,
} from '@dspy-nest/contracts';
import { isOutage } from './outages';

const MESSAGE_MAX_CHARS = 10_000;

/** What an error may carry beside its message. */
export interface AppErrorOptions {
  cause?: unknown;
  details?: ErrorDetails;
}

/** An error whose message is meant for callers; everything else that is thrown is reported as `internal` without its text. */
export abstract class AppError extends Error {
  abstract readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.details = options.details ?? {};
  }

  /** Whether the same request may succeed later. */
  get retryable(): boolean {
    return ERROR_CODES[this.code].retryable;
  }
}

/** Something that must not happen happened; the message is safe to show. */
export class InternalError extends AppError {
  readonly code = 'internal';
}

/** A service or server that is needed does not answer. */
export class ServiceUnavailableError extends AppError {
  readonly code = 'service_unavailable';
}

/** An answer did not come in time. */
export class TimedOutError extends AppError {
  readonly code = 'timed_out';
}

/** A well-formed request breaks rules; `details.errors` names each place. */
export class ValidationFailedError extends AppError {
  readonly code = 'validation_failed';

  constructor(message: string, errors: ErrorItem[], options: AppErrorOptions = {}) {
    super(message, { ...options, details: { ...options.details, errors } });
  }
}

/** An error that came over the wire, as the service that threw it described it. */
export class RemoteError extends AppError {
  readonly code: ErrorCode;
  readonly #retryable: boolean;

  constructor(wire: WireError) {
    super(wire.message, { details: wire.details });
    this.code = isErrorCode(wire.code) ? wire.code : 'internal';
    this.#retryable = wire.retryable;
  }

  override get retryable(): boolean {
    return this.#retryable;
  }
}

/** The form in which an error crosses a process; the text of an unknown error never leaves it. */
export function toWireError(error: unknown): WireError {
  if (error instanceof AppError) {
    const message = error.message.slice(0, MESSAGE_MAX_CHARS);
    return { code: error.code, message, retryable: error.retryable, details: error.details };
  }
  if (isOutage(error)) {
    const away = 'A server that the platform needs does not answer; try again in a moment.';
    return { code: 'service_unavailable', message: away, retryable: true, details: {} };
  }
  const message = 'An unexpected error happened inside the platform. The log has the details under the trace id.';
  return { code: 'internal', message, retryable: false, details: {} };
}

/** The error behind its wire form; a code of a newer version counts as `internal`. */
export function fromWireError(wire: WireError): AppError {
  return new RemoteError(wire);
}
