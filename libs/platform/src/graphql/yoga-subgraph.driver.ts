import { printSubgraphSchema } from '@apollo/subgraph';
import { Injectable } from '@nestjs/common';
import {
  AbstractGraphQLDriver,
  GraphQLFederationFactory,
  GraphQLSchemaHost,
  type GqlModuleOptions,
} from '@nestjs/graphql';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ExecutionArgs, ExecutionResult, GraphQLSchema } from 'graphql';
import { createYoga, type Plugin } from 'graphql-yoga';
import { receivedContext, type RequestContext } from '../request-context';
import { maskError } from './mask-error';

interface FastifyExchange {
  req: FastifyRequest;
  reply: FastifyReply;
}

/** What every resolver finds as its GraphQL context. */
export interface SubgraphContext {
  context: RequestContext;
}

/** Serves a federated subgraph by Yoga on Fastify; the schema is the SchemaHost's at the moment of each request. */
@Injectable()
export class YogaSubgraphDriver extends AbstractGraphQLDriver {
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
    const yoga = createYoga<FastifyExchange, SubgraphContext>({
      graphqlEndpoint: url,
      schema: () => this.schemaHost.schema,
      context: ({ req }) => ({ context: requestContext(req) }),
      plugins: [maskedUnderTheirTrace],
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
      handler: (req, reply) => yoga.handleNodeRequestAndResponse(req, reply, { req, reply }),
    });
  }

  async stop(): Promise<void> {
    // The routes end with the HTTP server.
  }

  /** Serves another schema from the next request on. */
  swap(schema: GraphQLSchema): void {
    this.schemaHost.schema = schema;
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

/** The SDL of a subgraph with its federation directives, for composition. */
export function subgraphSdl(schema: GraphQLSchema): string {
  return printSubgraphSchema(schema);
}

function requestContext({ headers }: FastifyRequest): RequestContext {
  const text = (name: string): string | undefined => {
    const value = headers[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  return receivedContext(text('dspy-tenant'), text('traceparent'));
}
