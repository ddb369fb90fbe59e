import { AppError } from '@dspy-nest/platform';

/** A message is larger than NATS takes. */
export class MessageTooLargeError extends AppError {
  readonly code = 'payload_too_large';
}

/** A message on the wire is not JSON. */
export class MalformedMessageError extends AppError {
  readonly code = 'malformed_request';
}
