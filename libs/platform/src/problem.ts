import { ERROR_CODES, isErrorCode, type ErrorItem } from '@dspy-nest/contracts';
import { toWireError } from './errors';

/** An RFC 9457 problem document. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  traceId: string;
  errors: ErrorItem[];
  [member: string]: unknown;
}

/** The problem document of any error; members of an AppError's details become members of the document. */
export function toProblem(error: unknown, traceId: string): Problem {
  const { code, message, details } = toWireError(error);
  const { httpStatus, title } = ERROR_CODES[isErrorCode(code) ? code : 'internal'];
  return {
    ...details,
    type: `urn:dspy-nest:problem:${code}`,
    title,
    status: httpStatus,
    detail: message,
    code,
    traceId,
    errors: details.errors ?? [],
  };
}
