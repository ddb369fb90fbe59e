import { subgraphOf, type SubgraphV1 } from '@dspy-nest/contracts';
import { ServiceUnavailableError, subgraphSdl } from '@dspy-nest/platform';
import { Controller } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import { MessagePattern } from '@nestjs/microservices';
import type { Server } from 'node:http';

const SERVICE = 'registry';

/** Tells the gateway where this replica serves GraphQL and what. */
@Controller()
export class SubgraphHandler {
  constructor(
    private readonly http: HttpAdapterHost,
    private readonly schema: GraphQLSchemaHost,
  ) {}

  @MessagePattern(subgraphOf(SERVICE))
  get(): SubgraphV1 {
    const address = (this.http.httpAdapter.getHttpServer() as Server).address();
    if (address === null || typeof address === 'string') {
      throw new ServiceUnavailableError('The registry does not serve GraphQL yet; ask again in a moment.');
    }
    return {
      name: SERVICE,
      url: `http://127.0.0.1:${address.port}/graphql`,
      sdl: subgraphSdl(this.schema.schema),
    };
  }
}
