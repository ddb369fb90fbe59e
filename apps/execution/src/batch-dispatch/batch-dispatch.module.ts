import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AdmissionModule } from '../admission/admission.module';
import { BatchesModule } from '../batches/batches.module';
import { DispatchModule } from '../dispatch/dispatch.module';
import { ExecutionEntity } from '../executions/execution.entity';
import { ExecutionsModule } from '../executions/executions.module';
import { JournalModule } from '../journal/journal.module';
import { WorkersModule } from '../workers/workers.module';
import { BatchDispatcher } from './batch-dispatcher.service';
import { BatchFeeder } from './batch-feeder.service';
import { BatchLeasesRepository } from './batch-leases.repository';
import { BatchRowsRepository } from './batch-rows.repository';

@Module({
  imports: [
    TypeOrmModule.forFeature([ExecutionEntity]),
    AdmissionModule,
    BatchesModule,
    DispatchModule,
    ExecutionsModule,
    JournalModule,
    WorkersModule,
  ],
  providers: [BatchDispatcher, BatchFeeder, BatchLeasesRepository, BatchRowsRepository],
})
export class BatchDispatchModule {}
