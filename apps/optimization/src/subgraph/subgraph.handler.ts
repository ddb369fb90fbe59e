import { graphqlOf, subgraphOf, type GraphqlOperationV1, type SubgraphV1 } from '@dspy-nest/contracts';
import { RequestCtx } from '@dspy-nest/messaging';
import {
  ServiceUnavailableError,
  subgraphSdl,
  type RequestContext,
  type YogaSubgraphDriver,
} from '@dspy-nest/platform';
import { Controller } from '@nestjs/common';
import { HttpAdapterHost, ModuleRef } from '@nestjs/core';
import { GraphQLModule, GraphQLSchemaHost } from '@nestjs/graphql';
import { MessagePattern, Payload } from '@nestjs/microservices';
import type { ExecutionResult } from 'graphql';
import type { Server } from 'node:http';

const SERVICE = 'optimization';

/** Serves the service's part of GraphQL to the gateway, and tells other routers where to find it. */
@Controller()
export class SubgraphHandler {
  constructor(
    private readonly http: HttpAdapterHost,
    private readonly schema: GraphQLSchemaHost,
    private readonly modules: ModuleRef,
  ) {}

  @MessagePattern(subgraphOf(SERVICE))
  get(): SubgraphV1 {
    const address = (this.http.httpAdapter.getHttpServer() as Server).address();
    if (address === null || typeof address === 'string') {
      throw new ServiceUnavailableError('The optimization service does not serve GraphQL yet; ask again in a moment.');
    }
    return {
      name: SERVICE,
      url: `http://127.0.0.1:${address.port}/graphql`,
      sdl: subgraphSdl(this.schema.schema),
    };
  }

  @MessagePattern(graphqlOf(SERVICE))
  run(@RequestCtx() ctx: RequestContext, @Payload() operation: GraphqlOperationV1): Promise<ExecutionResult> {
    const { graphQlAdapter } = this.modules.get<GraphQLModule<YogaSubgraphDriver>>(GraphQLModule, { strict: false });
    return graphQlAdapter.run(ctx, operation);
  }
}
