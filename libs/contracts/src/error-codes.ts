/** What each stable error code means to a caller; the only table from code to HTTP status and retry. */
export const ERROR_CODES = {
  malformed_request: { httpStatus: 400, retryable: false, title: 'Malformed request' },
  unauthorized: { httpStatus: 401, retryable: false, title: 'Not authenticated' },
  forbidden: { httpStatus: 403, retryable: false, title: 'Not allowed' },
  not_found: { httpStatus: 404, retryable: false, title: 'Not found' },
  signature_not_found: { httpStatus: 404, retryable: false, title: 'Unknown signature' },
  program_not_found: { httpStatus: 404, retryable: false, title: 'Unknown program' },
  program_version_not_found: { httpStatus: 404, retryable: false, title: 'Unknown program version' },
  program_state_not_found: { httpStatus: 404, retryable: false, title: 'Program has learned nothing' },
  model_not_found: { httpStatus: 404, retryable: false, title: 'Unknown model' },
  dataset_not_found: { httpStatus: 404, retryable: false, title: 'Unknown dataset' },
  metric_not_found: { httpStatus: 404, retryable: false, title: 'Unknown metric' },
  execution_not_found: { httpStatus: 404, retryable: false, title: 'Unknown execution' },
  batch_not_found: { httpStatus: 404, retryable: false, title: 'Unknown batch' },
  dead_letter_not_found: { httpStatus: 404, retryable: false, title: 'Unknown dead letter' },
  method_not_allowed: { httpStatus: 405, retryable: false, title: 'Method not allowed' },
  not_acceptable: { httpStatus: 406, retryable: false, title: 'Not acceptable' },
  name_conflict: { httpStatus: 409, retryable: false, title: 'Name already taken' },
  in_use: { httpStatus: 409, retryable: false, title: 'Still in use' },
  version_conflict: { httpStatus: 412, retryable: false, title: 'Changed by somebody else' },
  execution_finished: { httpStatus: 409, retryable: false, title: 'Execution already finished' },
  not_replayable: { httpStatus: 409, retryable: false, title: 'Execution cannot be replayed' },
  replay_diverged: { httpStatus: 409, retryable: false, title: 'Replay differs from what was recorded' },
  batch_finished: { httpStatus: 409, retryable: false, title: 'Batch already finished' },
  batch_incomplete: { httpStatus: 409, retryable: false, title: 'Rows of the batch are missing' },
  idempotency_key_in_flight: { httpStatus: 409, retryable: true, title: 'Idempotency key in flight' },
  cancelled: { httpStatus: 409, retryable: false, title: 'Execution cancelled' },
  events_expired: { httpStatus: 410, retryable: false, title: 'Events are gone' },
  payload_too_large: { httpStatus: 413, retryable: false, title: 'Payload too large' },
  unsupported_media_type: { httpStatus: 415, retryable: false, title: 'Unsupported media type' },
  validation_failed: { httpStatus: 422, retryable: false, title: 'Invalid request' },
  invalid_inputs: { httpStatus: 422, retryable: false, title: 'Invalid inputs' },
  invalid_signature: { httpStatus: 422, retryable: false, title: 'Invalid signature' },
  invalid_metric: { httpStatus: 422, retryable: false, title: 'Invalid metric' },
  unsupported_option: { httpStatus: 422, retryable: false, title: 'Option not supported' },
  invalid_examples: { httpStatus: 422, retryable: false, title: 'Invalid examples' },
  idempotency_key_reused: { httpStatus: 422, retryable: false, title: 'Idempotency key reused' },
  overloaded: { httpStatus: 429, retryable: true, title: 'Overloaded' },
  too_many_requests: { httpStatus: 429, retryable: true, title: 'Too many requests' },
  internal: { httpStatus: 500, retryable: false, title: 'Internal error' },
  worker_unexpected: { httpStatus: 500, retryable: false, title: 'Unexpected error in a worker' },
  worker_crashed: { httpStatus: 500, retryable: false, title: 'The execution kept ending its worker' },
  signature_mismatch: { httpStatus: 500, retryable: false, title: 'Signature does not match its hash' },
  model_error: { httpStatus: 502, retryable: false, title: 'The model refused the request' },
  output_invalid: { httpStatus: 502, retryable: true, title: 'The model answered in a wrong form' },
  model_unavailable: { httpStatus: 502, retryable: true, title: 'The model cannot be reached' },
  no_worker: { httpStatus: 503, retryable: true, title: 'No live worker' },
  service_unavailable: { httpStatus: 503, retryable: true, title: 'Service unavailable' },
  timed_out: { httpStatus: 504, retryable: true, title: 'Timed out' },
} as const satisfies Record<string, { httpStatus: number; retryable: boolean; title: string }>;

/** A stable, snake_case error code. */
export type ErrorCode = keyof typeof ERROR_CODES;

/** Whether a text is an error code of this version. */
export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_CODES, code);
}
