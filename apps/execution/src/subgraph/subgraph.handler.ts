import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type SubgraphV1, subgraphOf } from '@dspy-nest/contracts';
import { subgraphSdl } from '@dspy-nest/platform';
import { Controller } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import { MessagePattern } from '@nestjs/microservices';

/** Tells the gateway what this service has in GraphQL, and where; the types of programs the gateway makes itself. */
@Controller()
export class SubgraphHandler {
  constructor(
    private readonly schemaHost: GraphQLSchemaHost,
    private readonly http: HttpAdapterHost,
  ) {}

  @MessagePattern(subgraphOf('execution'))
  describe(): SubgraphV1 {
    const { address, port } = (this.http.httpAdapter.getHttpServer() as Server).address() as AddressInfo;
    return { name: 'execution', url: `http://${address}:${port}/graphql`, sdl: subgraphSdl(this.schemaHost.schema) };
  }
}
