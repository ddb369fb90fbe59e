import { isErrorCode, type ErrorCode, type ExecutionV1 } from '@dspy-nest/contracts';
import { HttpError } from '../http/http.errors';

/** Where an execution can be read. */
export const executionPath = (id: string): string => `/v1/executions/${id}`;

/** A synchronous execution ended otherwise than well; carries the execution, its trace and where to read it again. */
export class ExecutionNotSucceededError extends HttpError {
  readonly code: ErrorCode;
  override readonly headers: Readonly<Record<string, string>>;
  override readonly traceId: string;

  constructor(execution: ExecutionV1) {
    const { id, error, status, traceId } = execution;
    super(error?.message ?? `The execution ended as ${status}.`, { details: { ...error?.details, execution } });
    this.code = codeOf(execution);
    this.headers = { location: executionPath(id) };
    this.traceId = traceId;
  }
}

function codeOf({ status, error }: ExecutionV1): ErrorCode {
  if (error !== null && isErrorCode(error.code)) return error.code;
  return status === 'cancelled' || status === 'timed_out' ? status : 'internal';
}
