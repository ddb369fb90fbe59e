import { ProgramCatalog } from '@dspy-nest/programs';
import { Module } from '@nestjs/common';
import { ExecutionsModule } from '../executions/executions.module';
import { SubgraphCalls } from './program-calls';
import { ProgramGraphService } from './program-graph.service';
import { ProgramResultResolver } from './program-result.resolver';

@Module({
  imports: [ExecutionsModule],
  providers: [ProgramCatalog, SubgraphCalls, ProgramGraphService, ProgramResultResolver],
})
export class ProgramGraphModule {}
