import { Module } from '@nestjs/common';
import { AdaptersModule } from '../adapters/adapters.module';
import { DispatchModule } from '../dispatch/dispatch.module';
import { ExecutionsModule } from '../executions/executions.module';
import { WorkersModule } from '../workers/workers.module';
import { FleetFallback } from './fleet-fallback';
import { Sweeper } from './sweeper';

@Module({
  imports: [ExecutionsModule, DispatchModule, AdaptersModule, WorkersModule],
  providers: [Sweeper, FleetFallback],
})
export class RecoveryModule {}
