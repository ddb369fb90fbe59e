import { SUBGRAPH_OPTIONS } from '@dspy-nest/platform';
import { Module } from '@nestjs/common';
import { GraphQLModule } from '@nestjs/graphql';
import { SubgraphHandler } from './subgraph.handler';

@Module({ imports: [GraphQLModule.forRoot(SUBGRAPH_OPTIONS)], controllers: [SubgraphHandler] })
export class SubgraphModule {}
