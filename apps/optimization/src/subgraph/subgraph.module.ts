import { subgraphHandler, SUBGRAPH_OPTIONS } from '@dspy-nest/graphql';
import { Module } from '@nestjs/common';
import { GraphQLModule } from '@nestjs/graphql';

@Module({
  imports: [GraphQLModule.forRoot(SUBGRAPH_OPTIONS)],
  controllers: [subgraphHandler('optimization', 'The optimization service')],
})
export class SubgraphModule {}
