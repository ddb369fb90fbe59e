import type { GraphqlOperationV1 } from '@dspy-nest/contracts';
import { type RequestContext } from '@dspy-nest/platform';
import { execute, GraphQLError, type ExecutionResult, type GraphQLSchema } from 'graphql';
import { DocumentCache } from './document-cache';
import { maskError } from './mask-error';
import { objectsRefusal, ROUTER_LIMITS } from './query-limits';

interface Operation extends GraphqlOperationV1 {
  readonly schema: GraphQLSchema;
}

/** Runs operations that come from within the platform, without the layers of HTTP. */
export class Operations {
  private readonly documents = new DocumentCache(ROUTER_LIMITS);
  private readonly running = new Map<string, AbortController>();

  /** What the operation gives, its errors as callers may see them. */
  async run(
    context: RequestContext,
    { schema, id, query, variables, operationName }: Operation,
  ): Promise<ExecutionResult> {
    const abandoned = new AbortController();
    this.running.set(id, abandoned);
    try {
      const document = this.documents.parse(query);
      const errors = this.documents.validate(schema, document);
      if (errors.length > 0) return { errors };
      const contextValue = { context, request: { signal: abandoned.signal } };
      const args = { schema, document, contextValue, variableValues: variables, operationName };
      const refusal = objectsRefusal(ROUTER_LIMITS, args);
      if (refusal !== undefined) return { errors: [refusal] };
      const { data, errors: failed } = await execute(args);
      return { data, ...(failed && { errors: failed.map((error) => maskError(error, context.traceId)) }) };
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      return { errors: [error] };
    } finally {
      this.running.delete(id);
    }
  }

  /** Tells the resolvers of an operation that nobody waits for it any more. */
  abandon(id: string): void {
    this.running.get(id)?.abort();
  }
}
