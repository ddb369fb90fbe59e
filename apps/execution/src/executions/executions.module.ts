import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DispatchModule } from '../dispatch/dispatch.module';
import { JournalModule } from '../journal/journal.module';
import { ProgramsModule } from '../programs/programs.module';
import { WorkersModule } from '../workers/workers.module';
import { ExecutionEntity } from './execution.entity';
import { ExecutionsConsumer } from './executions.consumer';
import { ExecutionsHandler } from './executions.handler';
import { ExecutionsRepository } from './executions.repository';
import { ExecutionsResolver } from './executions.resolver';
import { ExecutionsService } from './executions.service';

@Module({
  imports: [TypeOrmModule.forFeature([ExecutionEntity]), ProgramsModule, WorkersModule, DispatchModule, JournalModule],
  controllers: [ExecutionsHandler],
  providers: [ExecutionsService, ExecutionsRepository, ExecutionsResolver, ExecutionsConsumer],
  exports: [ExecutionsService, ExecutionsRepository],
})
export class ExecutionsModule {}
