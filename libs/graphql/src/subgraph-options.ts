import type { GqlModuleOptions } from '@nestjs/graphql';
import { YogaSubgraphDriver } from './yoga-subgraph.driver';

/** Newer versions, Nest's default among them, are refused by the composition. */
const FEDERATION_SPEC = 'https://specs.apollo.dev/federation/v2.9';
const DIRECTIVES = [
  '@key',
  '@shareable',
  '@external',
  '@tag',
  '@inaccessible',
  '@override',
  '@provides',
  '@requires',
  '@interfaceObject',
  '@composeDirective',
];

/** Options of GraphQLModule for a subgraph; `orphanedTypes` are entities that no root field returns. */
export function subgraphOptions(
  orphanedTypes: (new () => object)[] = [],
): GqlModuleOptions & { driver: typeof YogaSubgraphDriver } {
  return {
    driver: YogaSubgraphDriver,
    path: '/graphql',
    autoSchemaFile: { federation: { version: 2, importUrl: FEDERATION_SPEC, directives: DIRECTIVES } },
    buildSchemaOptions: { orphanedTypes },
  };
}

/** {@link subgraphOptions} of a subgraph without orphaned types. */
export const SUBGRAPH_OPTIONS = subgraphOptions();
