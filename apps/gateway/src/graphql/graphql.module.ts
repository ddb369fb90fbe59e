import { ProgramCatalog } from '@dspy-nest/programs';
import { Module } from '@nestjs/common';
import { SupergraphModule } from '../supergraph/supergraph.module';
import { GraphqlController } from './graphql.controller';
import { GraphqlService } from './graphql.service';
import { SchemaMetrics } from './schema-metrics';

@Module({
  imports: [SupergraphModule],
  controllers: [GraphqlController],
  providers: [ProgramCatalog, SchemaMetrics, GraphqlService],
  exports: [GraphqlService, ProgramCatalog],
})
export class GraphqlModule {}
