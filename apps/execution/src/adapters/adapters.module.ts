import { Module } from '@nestjs/common';
import { ProgramsModule } from '../programs/programs.module';
import { Adapters } from './adapters';
import type { ExecutionAdapter } from './execution-adapter';
import { LocalLeasesRepository } from './local-runs/local-leases.repository';
import { LocalRuns } from './local-runs/local-runs.service';
import { ModelRouter } from './model-router';
import { MultiAdapter } from './multi/multi.adapter';
import { NativeAdapter } from './native/native.adapter';
import { PythonAdapter } from './python/python.adapter';
import { RouterAdapter } from './router/router.adapter';

/** All ways to run executions: another one is a folder here and its class in this list. */
const ADAPTERS = [PythonAdapter, NativeAdapter, MultiAdapter, RouterAdapter];

@Module({
  imports: [ProgramsModule],
  providers: [
    ...ADAPTERS,
    {
      provide: Adapters,
      useFactory: (...all: ExecutionAdapter[]) => new Adapters(all),
      inject: ADAPTERS,
    },
    LocalRuns,
    LocalLeasesRepository,
    ModelRouter,
  ],
  exports: [Adapters, LocalRuns, ModelRouter],
})
export class AdaptersModule {}
