import { SUBGRAPH_OPTIONS } from '@dspy-nest/graphql';
import { MessagingModule } from '@dspy-nest/messaging';
import { PersistenceModule } from '@dspy-nest/persistence';
import { type Logger } from '@dspy-nest/platform';
import { type DynamicModule, Global, Module } from '@nestjs/common';
import { GraphQLModule } from '@nestjs/graphql';
import { BatchDispatchModule } from './batch-dispatch/batch-dispatch.module';
import { BatchResultsModule } from './batch-results/batch-results.module';
import { BatchUploadsModule } from './batch-uploads/batch-uploads.module';
import { BatchEntity } from './batches/batch.entity';
import { BatchesModule } from './batches/batches.module';
import { DeadLetterEntity } from './dead-letters/dead-letter.entity';
import { DeadLettersModule } from './dead-letters/dead-letters.module';
import { CONFIG, type ExecutionConfig } from './execution.config';
import { ExecutionEntity } from './executions/execution.entity';
import { ExecutionsModule } from './executions/executions.module';
import { FeedbackEntity } from './feedback/feedback.entity';
import { FeedbackModule } from './feedback/feedback.module';
import { HealthHandler } from './health/health.handler';
import { LOGGER } from './logger';
import { CreateExecutions1763800000000 } from './migrations/1763800000000-create-executions';
import { CreateEngine1764100000000 } from './migrations/1764100000000-create-engine';
import { CreateIdempotencyKeys1764200000000 } from './migrations/1764200000000-create-idempotency-keys';
import { KeepCoercionsForATime1764500000000 } from './migrations/1764500000000-keep-coercions-for-a-time';
import { RollUpExecutions1764700000000 } from './migrations/1764700000000-roll-up-executions';
import { StreamExecutions1764810000000 } from './migrations/1764810000000-stream-executions';
import { AskSeveralModels1764970000000 } from './migrations/1764970000000-ask-several-models';
import { KeepAnswers1764900000000 } from './migrations/1764900000000-keep-answers';
import { CreateBatches1764950000000 } from './migrations/1764950000000-create-batches';
import { RepeatExecutions1764980000000 } from './migrations/1764980000000-repeat-executions';
import { FallBack1764990000000 } from './migrations/1764990000000-fall-back';
import { CreateFeedback1770400000000 } from './migrations/1770400000000-create-feedback';
import { ModelCallsEntity } from './model-calls/model-calls.entity';
import { ModelCallsModule } from './model-calls/model-calls.module';
import { ProgramExecutionsModule } from './program-executions/program-executions.module';
import { ProgramGraphModule } from './program-graph/program-graph.module';
import { ProgramRequestsModule } from './program-requests/program-requests.module';
import { RecoveryModule } from './recovery/recovery.module';
import { RepeatsModule } from './repeats/repeats.module';
import { RetentionModule } from './retention/retention.module';
import { StatsModule } from './stats/stats.module';
import { SubgraphHandler } from './subgraph/subgraph.handler';
import { FleetMetricsModule } from './telemetry/fleet-metrics.module';
import { WorkersModule } from './workers/workers.module';

/** The execution service: wiring only. */
@Global()
@Module({})
export class ExecutionModule {
  static forRoot(config: ExecutionConfig, logger: Logger): DynamicModule {
    return {
      module: ExecutionModule,
      imports: [
        MessagingModule.forRoot({ service: 'execution', natsUrl: config.NATS_URL }),
        PersistenceModule.forRoot({
          url: config.DATABASE_URL,
          schema: 'execution',
          entities: [ExecutionEntity, BatchEntity, DeadLetterEntity, ModelCallsEntity, FeedbackEntity],
          migrations: [
            CreateExecutions1763800000000,
            CreateEngine1764100000000,
            CreateIdempotencyKeys1764200000000,
            KeepCoercionsForATime1764500000000,
            RollUpExecutions1764700000000,
            StreamExecutions1764810000000,
            KeepAnswers1764900000000,
            CreateBatches1764950000000,
            AskSeveralModels1764970000000,
            RepeatExecutions1764980000000,
            FallBack1764990000000,
            CreateFeedback1770400000000,
          ],
        }),
        GraphQLModule.forRoot(SUBGRAPH_OPTIONS),
        ExecutionsModule,
        BatchesModule,
        BatchUploadsModule,
        BatchDispatchModule,
        BatchResultsModule,
        DeadLettersModule,
        FeedbackModule,
        ModelCallsModule,
        WorkersModule,
        ProgramExecutionsModule,
        ProgramGraphModule,
        ProgramRequestsModule,
        RecoveryModule,
        RepeatsModule,
        RetentionModule,
        StatsModule,
        FleetMetricsModule,
      ],
      controllers: [HealthHandler, SubgraphHandler],
      providers: [
        { provide: LOGGER, useValue: logger },
        { provide: CONFIG, useValue: config },
      ],
      exports: [LOGGER, CONFIG],
    };
  }
}
