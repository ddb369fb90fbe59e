import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AdaptersModule } from '../adapters/adapters.module';
import { AdmissionModule } from '../admission/admission.module';
import { AnswersModule } from '../answers/answers.module';
import { KnownAnswers } from '../answers/known-answers';
import { DispatchModule } from '../dispatch/dispatch.module';
import { ExecutionPlanner } from '../dispatch/execution-planner';
import { IdempotencyModule } from '../idempotency/idempotency.module';
import { JournalModule } from '../journal/journal.module';
import { AcceptanceService } from '../lifecycle/acceptance.service';
import { Callers } from '../lifecycle/callers';
import { OutcomesService } from '../lifecycle/outcomes.service';
import { ExecutionEntity } from './execution.entity';
import { ExecutionsConsumer } from './executions.consumer';
import { ExecutionsHandler } from './executions.handler';
import { ExecutionsRepository } from './executions.repository';
import { ExecutionsResolver } from './executions.resolver';
import { ExecutionsService } from './executions.service';

@Module({
  imports: [
    TypeOrmModule.forFeature([ExecutionEntity]),
    AdaptersModule,
    AdmissionModule,
    IdempotencyModule,
    DispatchModule,
    JournalModule,
    AnswersModule,
  ],
  controllers: [ExecutionsHandler],
  providers: [
    ExecutionsService,
    ExecutionPlanner,
    AcceptanceService,
    OutcomesService,
    KnownAnswers,
    Callers,
    ExecutionsRepository,
    ExecutionsResolver,
    ExecutionsConsumer,
  ],
  exports: [
    ExecutionsService,
    AcceptanceService,
    KnownAnswers,
    OutcomesService,
    ExecutionsRepository,
    ExecutionsResolver,
    Callers,
  ],
})
export class ExecutionsModule {}
