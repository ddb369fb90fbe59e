import { AppError, UnexpectedFailure, toWireError } from '@dspy-nest/platform';
import { Logger } from '@nestjs/common';
import { GraphQLError } from 'graphql';

const logger = new Logger('GraphQL');

/** The error a caller may see: GraphQL's own as it is, an AppError with its code, all else as `internal` and into the log. */
export function maskError(error: unknown, traceId = 'none'): GraphQLError {
  const cause = innermost(error);
  if (cause instanceof GraphQLError) return cause;
  if (!(cause instanceof AppError)) logger.error(new UnexpectedFailure('A GraphQL request failed.', traceId, cause));
  const { message, code, retryable, details } = toWireError(cause);
  const where = error instanceof GraphQLError ? { nodes: error.nodes, path: error.path } : {};
  return new GraphQLError(message, { ...where, extensions: { code, retryable, details } });
}

/** The executor and schema wrappers each put a GraphQLError around what was thrown. */
function innermost(error: unknown): unknown {
  return error instanceof GraphQLError && error.originalError ? innermost(error.originalError) : error;
}
