import { printSubgraphSchema } from '@apollo/subgraph';
import type { GraphqlAbandonedV1, GraphqlOperationV1 } from '@dspy-nest/contracts';
import { DEFAULT_TENANT, isTenant, receivedContext, type RequestContext } from '@dspy-nest/platform';
import { Injectable } from '@nestjs/common';
import {
  AbstractGraphQLDriver,
  GraphQLFederationFactory,
  GraphQLSchemaHost,
  type GqlModuleOptions,
} from '@nestjs/graphql';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ExecutionArgs, ExecutionResult, GraphQLSchema, ParseOptions, Source } from 'graphql';
import { createYoga, type Plugin } from 'graphql-yoga';
import { maskError } from './mask-error';
import { Operations } from './operations';
import { objectsRefusal, parseWithin, queryLimitsRule, ROUTER_LIMITS } from './query-limits';

const TENANT_HEADER = 'dspy-tenant';

interface FastifyExchange {
  req: FastifyRequest;
  reply: FastifyReply;
}

/** What every resolver finds as its GraphQL context. */
export interface SubgraphContext {
  context: RequestContext;
  /** Whose signal tells when the caller has hung up. */
  request: Pick<Request, 'signal'>;
}

/**
 * Serves a federated subgraph: to the platform's gateway by {@link YogaSubgraphDriver.run}, to other routers by Yoga on Fastify.
 * Each request keeps the schema that it began with.
 */
@Injectable()
export class YogaSubgraphDriver extends AbstractGraphQLDriver {
  private schemaOf: (tenant: string) => GraphQLSchema = () => this.schemaHost.schema;
  private readonly operations = new Operations();

  constructor(
    private readonly federation: GraphQLFederationFactory,
    private readonly schemaHost: GraphQLSchemaHost,
  ) {
    super();
  }

  override generateSchema(options: GqlModuleOptions): Promise<GraphQLSchema> {
    return this.federation.generateSchema(options);
  }

  async start({ path }: GqlModuleOptions): Promise<void> {
    const url = path ?? '/graphql';
    const yoga = createYoga<FastifyExchange, Pick<SubgraphContext, 'context'>>({
      graphqlEndpoint: url,
      schema: ({ req }) => this.schemaFor(headerOf(req, TENANT_HEADER) ?? DEFAULT_TENANT),
      context: ({ req }) => ({ context: requestContext(req) }),
      plugins: [maskedUnderTheirTrace, limited],
      maskedErrors: { maskError: (error) => maskError(error) },
      graphiql: false,
      landingPage: false,
      logging: false,
      multipart: false,
      cors: false,
    });
    this.httpAdapterHost.httpAdapter.getInstance<FastifyInstance>().route({
      url,
      method: ['GET', 'POST'],
      preHandler: refuseBrowsers,
      handler: (req, reply) => yoga.handleNodeRequestAndResponse(req, reply, { req, reply }),
    });
  }

  async stop(): Promise<void> {
    // The routes end with the HTTP server.
  }

  /** Runs an operation for the gateway. */
  run(context: RequestContext, operation: GraphqlOperationV1): Promise<ExecutionResult> {
    return this.operations.run(context, { ...operation, schema: this.schemaFor(context.tenant) });
  }

  /** Tells that nobody waits for an operation any more. */
  abandon({ id }: GraphqlAbandonedV1): void {
    this.operations.abandon(id);
  }

  /** From the next request on, serves each tenant the schema that this gives for it. */
  serve(schemaOf: (tenant: string) => GraphQLSchema): void {
    this.schemaOf = schemaOf;
  }

  /** An impossible tenant is refused later, where requests are answered. */
  private schemaFor(tenant: string): GraphQLSchema {
    return isTenant(tenant) ? this.schemaOf(tenant) : this.schemaHost.schema;
  }
}

/** Masks what resolvers threw while it is known whose request it was; Yoga's own masking sees to what went wrong before. */
const maskedUnderTheirTrace: Plugin<SubgraphContext> = {
  onExecute: ({ executeFn, setExecuteFn }) => {
    setExecuteFn(async (args: ExecutionArgs) => {
      const result = (await executeFn(args)) as ExecutionResult;
      const { traceId } = (args.contextValue as SubgraphContext).context;
      const errors = result.errors?.map((error) => maskError(error, traceId));
      return errors === undefined ? result : { ...result, errors };
    });
  },
};

const limited: Plugin = {
  onParse: ({ setParseFn }) =>
    setParseFn((source: string | Source, options) => parseWithin(ROUTER_LIMITS, source, options as ParseOptions)),
  onValidate: ({ addValidationRule }) => addValidationRule(queryLimitsRule(ROUTER_LIMITS)),
  onExecute: ({ args, setResultAndStopExecution }) => {
    const refusal = objectsRefusal(ROUTER_LIMITS, args);
    if (refusal !== undefined) setResultAndStopExecution({ errors: [refusal] });
  },
};

/** Only routers come through this door; a web page that found it would come with an origin, or from another site. */
async function refuseBrowsers(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  if (headerOf(request, 'origin') === undefined && headerOf(request, 'sec-fetch-site') === undefined) return;
  const message = 'Web pages are not served here: ask the gateway, which is the public door.';
  await reply.code(403).send({ errors: [{ message, extensions: { code: 'forbidden', retryable: false } }] });
}

/** The SDL of a subgraph with its federation directives, for composition. */
export function subgraphSdl(schema: GraphQLSchema): string {
  return printSubgraphSchema(schema);
}

function requestContext(request: FastifyRequest): RequestContext {
  return receivedContext(headerOf(request, TENANT_HEADER), headerOf(request, 'traceparent'));
}

function headerOf({ headers }: FastifyRequest, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
