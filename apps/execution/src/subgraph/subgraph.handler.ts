import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type GraphqlAbandonedV1,
  type GraphqlOperationV1,
  graphqlOf,
  SIGNALS,
  type SubgraphV1,
  subgraphOf,
} from '@dspy-nest/contracts';
import { subgraphSdl, type YogaSubgraphDriver } from '@dspy-nest/graphql';
import { RequestCtx, SignalBus } from '@dspy-nest/messaging';
import { type RequestContext } from '@dspy-nest/platform';
import { Controller, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost, ModuleRef } from '@nestjs/core';
import { GraphQLModule, GraphQLSchemaHost } from '@nestjs/graphql';
import { MessagePattern, Payload } from '@nestjs/microservices';
import type { ExecutionResult } from 'graphql';

const SERVICE = 'execution';

/** Serves this service's part of GraphQL to the gateway; the types of programs the gateway makes itself. */
@Controller()
export class SubgraphHandler implements OnModuleInit {
  constructor(
    private readonly schemaHost: GraphQLSchemaHost,
    private readonly modules: ModuleRef,
    private readonly http: HttpAdapterHost,
    private readonly signals: SignalBus,
  ) {}

  onModuleInit(): void {
    this.signals.subscribe<GraphqlAbandonedV1>(SIGNALS.graphqlAbandoned, (operation) => this.driver.abandon(operation));
  }

  @MessagePattern(subgraphOf(SERVICE))
  describe(): SubgraphV1 {
    const { address, port } = (this.http.httpAdapter.getHttpServer() as Server).address() as AddressInfo;
    return { name: SERVICE, url: `http://${address}:${port}/graphql`, sdl: subgraphSdl(this.schemaHost.schema) };
  }

  @MessagePattern(graphqlOf(SERVICE))
  run(@RequestCtx() ctx: RequestContext, @Payload() operation: GraphqlOperationV1): Promise<ExecutionResult> {
    return this.driver.run(ctx, operation);
  }

  /** The module of GraphQL belongs to the app as a whole. */
  private get driver(): YogaSubgraphDriver {
    return this.modules.get<GraphQLModule<YogaSubgraphDriver>>(GraphQLModule, { strict: false }).graphQlAdapter;
  }
}
