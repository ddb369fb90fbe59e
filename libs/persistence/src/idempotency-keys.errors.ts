import { AppError } from '@dspy-nest/platform';

/** Thrown when a key has another form than callers were told to give it. */
export class MalformedIdempotencyKeyError extends AppError {
  readonly code = 'malformed_request';

  constructor() {
    super('Idempotency-Key must be 1 to 255 visible ASCII characters; send for instance a UUID.');
  }
}

/** Thrown when a key came before with another request. */
export class IdempotencyKeyReusedError extends AppError {
  readonly code = 'idempotency_key_reused';

  constructor(key: string) {
    super(
      `Idempotency-Key "${key}" was sent before with another request; a key stands for one request for 24 h. ` +
        'Send a new key with this one.',
    );
  }
}

/** Thrown when the first request with a key has not been answered yet. */
export class IdempotencyKeyInFlightError extends AppError {
  readonly code = 'idempotency_key_in_flight';

  constructor(key: string) {
    super(`The first request with Idempotency-Key "${key}" is still running; ask again for its answer in a moment.`, {
      details: { retryAfterS: 1 },
    });
  }
}
