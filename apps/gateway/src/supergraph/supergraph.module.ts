import { Module } from '@nestjs/common';
import { SubgraphsClient } from './subgraphs.client';
import { SupergraphService } from './supergraph.service';

@Module({ providers: [SupergraphService, SubgraphsClient], exports: [SupergraphService, SubgraphsClient] })
export class SupergraphModule {}
