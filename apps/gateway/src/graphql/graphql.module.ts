import { Module } from '@nestjs/common';
import { GraphqlController } from './graphql.controller';
import { GraphqlService } from './graphql.service';
import { SupergraphService } from './supergraph.service';

@Module({
  controllers: [GraphqlController],
  providers: [SupergraphService, GraphqlService],
  exports: [SupergraphService],
})
export class GraphqlModule {}
