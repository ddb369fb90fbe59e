import { CALLER_LIMITS, parseWithin, queryLimitsRule } from '@dspy-nest/graphql';
import {
  getOperationAST,
  GraphQLError,
  specifiedRules,
  validate,
  type ExecutionArgs,
  type GraphQLSchema,
} from 'graphql';
import type { SubscribePayload } from 'graphql-ws';

const RULES = [...specifiedRules, queryLimitsRule(CALLER_LIMITS)];
const ELSEWHERE = 'Only subscriptions are served by WebSocket. Send queries and mutations by POST /graphql.';

/** Reads what a client asks for by a schema: what is wrong with it, or what to execute. */
export function readOperation(
  schema: GraphQLSchema,
  { query, operationName, variables }: SubscribePayload,
): ExecutionArgs | readonly GraphQLError[] {
  try {
    const document = parseWithin(CALLER_LIMITS, query);
    const operation = getOperationAST(document, operationName)?.operation ?? 'subscription';
    if (operation !== 'subscription')
      return [new GraphQLError(ELSEWHERE, { extensions: { code: 'unsupported_option', retryable: false } })];
    const errors = validate(schema, document, RULES);
    return errors.length > 0 ? errors : { schema, document, operationName, variableValues: variables };
  } catch (error) {
    if (error instanceof GraphQLError) return [error];
    throw error;
  }
}
