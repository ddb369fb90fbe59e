import { isErrorCode } from '@dspy-nest/contracts';
import { toWireError } from '@dspy-nest/platform';
import { GraphQLError, Kind } from 'graphql';

/** All that the libraries keep of an AbortError. */
const ABORTED = 'This operation was aborted';
const CAUSES_MAX = 8;

/** Whether an error only says that the caller hung up: then what was asked of the services for it is given up. */
function isHangUp(error: unknown): boolean {
  return causesOf(error).some(({ message }) => message === ABORTED);
}

/** An error and what the libraries wrapped in it, outermost first. */
function causesOf(error: unknown): Record<string, unknown>[] {
  const causes: Record<string, unknown>[] = [];
  let current: unknown = error;
  while (causes.length < CAUSES_MAX && typeof current === 'object' && current !== null) {
    const cause = current as Record<string, unknown>;
    causes.push(cause);
    current = cause['originalError'] ?? cause['cause'];
  }
  return causes;
}

/** The error as callers see it: those of the services unchanged, with their code; never a stack, never an unexpected text. */
export function toPublicError(error: unknown): GraphQLError {
  const { message, path, nodes, extensions } =
    error instanceof GraphQLError ? error : new GraphQLError('', { originalError: error as Error });
  const place = { ...(path !== undefined && { path }), ...(nodes !== undefined && { nodes }) };
  if (isHangUp(error)) {
    const text = 'The caller hung up, and what was still running for this request was given up.';
    return new GraphQLError(text, { ...place, extensions: { code: 'cancelled', retryable: false } });
  }
  if (error instanceof GraphQLError && isPublic(error)) {
    const { stacktrace: _stack, originalError: _original, ...shown } = extensions;
    return new GraphQLError(message, { ...place, extensions: shown });
  }
  const wire = toWireError(error instanceof GraphQLError ? error.originalError : error);
  return new GraphQLError(wire.message, { ...place, extensions: { code: wire.code, retryable: wire.retryable } });
}

/**
 * An error of a service carries one of our codes; one of the document itself (syntax, validation) has no cause, and one of a
 * variable has what is wrong with its value for a cause.
 */
function isPublic({ extensions, originalError, nodes }: GraphQLError): boolean {
  const code = extensions['code'];
  if (typeof code === 'string' && isErrorCode(code)) return true;
  return (originalError ?? null) === null || nodes?.[0]?.kind === Kind.VARIABLE_DEFINITION;
}
