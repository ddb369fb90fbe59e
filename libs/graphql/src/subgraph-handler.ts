import type { Server } from 'node:http';
import { graphqlOf, subgraphOf, type GraphqlOperationV1, type SubgraphV1 } from '@dspy-nest/contracts';
import { RequestCtx } from '@dspy-nest/messaging';
import { ServiceUnavailableError, type RequestContext } from '@dspy-nest/platform';
import { Controller, type Type } from '@nestjs/common';
import { HttpAdapterHost, ModuleRef } from '@nestjs/core';
import { GraphQLModule, GraphQLSchemaHost } from '@nestjs/graphql';
import { MessagePattern, Payload } from '@nestjs/microservices';
import type { ExecutionResult } from 'graphql';
import { subgraphSdl, type YogaSubgraphDriver } from './yoga-subgraph.driver';

/** Serves a service's part of GraphQL to the gateway, and tells other routers where to find it; `title` begins what it says. */
export function subgraphHandler(service: string, title: string): Type {
  @Controller()
  class SubgraphHandler {
    constructor(
      private readonly http: HttpAdapterHost,
      private readonly schema: GraphQLSchemaHost,
      private readonly modules: ModuleRef,
    ) {}

    @MessagePattern(subgraphOf(service))
    get(): SubgraphV1 {
      const address = (this.http.httpAdapter.getHttpServer() as Server).address();
      if (address === null || typeof address === 'string') {
        throw new ServiceUnavailableError(`${title} does not serve GraphQL yet; ask again in a moment.`);
      }
      return {
        name: service,
        url: `http://127.0.0.1:${address.port}/graphql`,
        sdl: subgraphSdl(this.schema.schema),
      };
    }

    @MessagePattern(graphqlOf(service))
    run(@RequestCtx() ctx: RequestContext, @Payload() operation: GraphqlOperationV1): Promise<ExecutionResult> {
      const { graphQlAdapter } = this.modules.get<GraphQLModule<YogaSubgraphDriver>>(GraphQLModule, { strict: false });
      return graphQlAdapter.run(ctx, operation);
    }
  }
  return SubgraphHandler;
}
