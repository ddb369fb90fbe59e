import { subgraphSdl, YogaSubgraphDriver } from '@dspy-nest/graphql';
import { ProgramCatalog, ProgramSchema, programsSdl, TypedSchemas, type TypedSchema } from '@dspy-nest/programs';
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { GraphQLModule, GraphQLSchemaHost } from '@nestjs/graphql';
import type { GraphQLSchema } from 'graphql';
import { SubgraphCalls } from './program-calls';

/** Small, because the gateway has types of its own: here they are for routers of other teams only. */
const TIME_SHARE = 0.05;

/** The module of GraphQL belongs to the app as a whole. */
const ANYWHERE = { strict: false } as const;

/** Serves each tenant this service's subgraph with the types of the tenant's programs. */
@Injectable()
export class ProgramGraphService implements OnApplicationBootstrap, OnModuleDestroy {
  private schemas: TypedSchemas | undefined;

  constructor(
    private readonly catalog: ProgramCatalog,
    private readonly calls: SubgraphCalls,
    private readonly modules: ModuleRef,
  ) {}

  /** Only now there is a schema to lay types over. */
  onApplicationBootstrap(): void {
    const { catalog, calls } = this;
    const base = this.modules.get(GraphQLSchemaHost, ANYWHERE).schema;
    const onSwap = ({ schema }: TypedSchema): void => {
      if (schema instanceof ProgramSchema) describeItself(schema, base);
    };
    const schemas = new TypedSchemas({ base, calls, catalog, timeShare: TIME_SHARE, onSwap });
    const { graphQlAdapter } = this.modules.get<GraphQLModule<YogaSubgraphDriver>>(GraphQLModule, ANYWHERE);
    graphQlAdapter.serve((tenant) => schemas.of(tenant).schema);
    this.schemas = schemas;
  }

  onModuleDestroy(): void {
    this.schemas?.stop();
  }
}

/** Routers of other teams ask the subgraph itself for its SDL; it is long, and printed when it is asked for. */
function describeItself(schema: ProgramSchema, base: GraphQLSchema): void {
  const fields = schema.getQueryType().getFields();
  const { _service: service } = fields;
  if (service === undefined) return;
  fields['_service'] = { ...service, resolve: () => ({ sdl: `${subgraphSdl(base)}\n\n${programsSdl(schema)}` }) };
}
