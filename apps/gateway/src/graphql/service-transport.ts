import { isErrorCode, type GraphqlResultV1 } from '@dspy-nest/contracts';
import { toWireError, type RequestContext } from '@dspy-nest/platform';
import { GraphQLError, print, type DocumentNode, type ExecutionResult } from 'graphql';
import type { SubgraphsClient } from '../supergraph/subgraphs.client';

/** What the runtime finds as its context. */
export type CallerContext = { caller: RequestContext };

/** What is asked of a service on behalf of a caller, who is in the context. */
interface Asked {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
  readonly operationName?: string | null | undefined;
  readonly operationType?: string | undefined;
  readonly context?: unknown;
}

interface AskedByRuntime extends Omit<Asked, 'query'> {
  readonly document: DocumentNode;
}

/** How the runtime reaches the services: as all of the platform does, by requests over NATS. */
export function serviceTransport(subgraphs: SubgraphsClient) {
  const getSubgraphExecutor =
    ({ subgraphName }: { subgraphName: string }) =>
    <Data>({ document, ...asked }: AskedByRuntime) =>
      runOn<Data>(subgraphs, subgraphName.toLowerCase(), { ...asked, query: print(document) });
  return { getSubgraphExecutor };
}

/** Runs an operation on the subgraph of a service; what fails on the way there is told as an error of GraphQL. */
export async function runOn<Data>(
  subgraphs: SubgraphsClient,
  service: string,
  { query, variables, operationName, operationType, context }: Asked,
): Promise<ExecutionResult<Data>> {
  const { caller, request } = context as { readonly caller: RequestContext; readonly request?: Request };
  const operation = {
    query,
    ...(variables && { variables }),
    ...(operationName && { operationName }),
    repeatable: operationType === 'query',
  };
  try {
    return toExecutionResult(await subgraphs.run(caller, service, operation, request?.signal));
  } catch (error) {
    const { message, code, retryable } = toWireError(error);
    throw new GraphQLError(message, { originalError: error as Error, extensions: { code, retryable } });
  }
}

function toExecutionResult<Data>({ data: given, errors }: GraphqlResultV1): ExecutionResult<Data> {
  const data = given as Data | null | undefined;
  if (errors === undefined) return { data: data ?? null };
  const told = errors.map(toError);
  return data === undefined ? { errors: told } : { data, errors: told };
}

/** What has none of our codes is no answer to the caller: the document was found valid here. */
function toError({ message, path, extensions }: NonNullable<GraphqlResultV1['errors']>[number]): GraphQLError {
  const isKnown = isErrorCode(String(extensions?.['code']));
  const originalError = isKnown ? null : new Error(`A service answered: ${message}`);
  return new GraphQLError(message, { path: path ?? null, extensions: extensions ?? null, originalError });
}
