import { Module } from '@nestjs/common';
import { ExecutionsModule } from '../executions/executions.module';
import { IdempotencyModule } from '../idempotency/idempotency.module';
import { ModelCallsModule } from '../model-calls/model-calls.module';
import { ProgramsModule } from '../programs/programs.module';
import { RepeatsHandler } from './repeats.handler';
import { RepeatsResolver } from './repeats.resolver';
import { RepeatsService } from './repeats.service';

@Module({
  imports: [ExecutionsModule, IdempotencyModule, ModelCallsModule, ProgramsModule],
  controllers: [RepeatsHandler],
  providers: [RepeatsService, RepeatsResolver],
})
export class RepeatsModule {}
