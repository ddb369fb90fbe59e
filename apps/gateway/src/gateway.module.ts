import { Module, type DynamicModule } from '@nestjs/common';
import { MessagingModule } from '@dspy-nest/messaging';
import { AsyncApiModule } from './asyncapi/asyncapi.module';
import { ChatCompletionsModule } from './chat-completions/chat-completions.module';
import { BatchUploadsModule } from './batch-uploads/batch-uploads.module';
import { UPLOAD_LIMITS_DEFAULT } from './batch-uploads/upload-limits';
import { BatchesModule } from './batches/batches.module';
import { CoreModule, type CoreParts } from './core.module';
import { DatasetComparisonsModule } from './dataset-comparisons/dataset-comparisons.module';
import { DatasetExportsModule } from './dataset-exports/dataset-exports.module';
import { DatasetImportsModule } from './dataset-imports/dataset-imports.module';
import { DatasetsModule } from './datasets/datasets.module';
import { DeadLettersModule } from './dead-letters/dead-letters.module';
import { EvaluationsModule } from './evaluations/evaluations.module';
import { OptimizationsModule } from './optimizations/optimizations.module';
import { EventsModule } from './events/events.module';
import { ExecutionExamplesModule } from './execution-examples/execution-examples.module';
import { ExecutionEventsModule } from './execution-events/execution-events.module';
import { ExecutionStatsModule } from './execution-stats/execution-stats.module';
import { ExecutionsModule } from './executions/executions.module';
import type { GatewaySettings } from './gateway.config';
import { FeedbackModule } from './feedback/feedback.module';
import { GraphiqlModule } from './graphiql/graphiql.module';
import { GraphqlModule } from './graphql/graphql.module';
import { HealthModule } from './health/health.module';
import { McpModule } from './mcp/mcp.module';
import { MetricsModule } from './metrics/metrics.module';
import { ModelsModule } from './models/models.module';
import { OpenAiModelsModule } from './openai-models/openai-models.module';
import { OpenApiModule } from './openapi/openapi.module';
import { ProgramExecutionsModule } from './program-executions/program-executions.module';
import { ProgramStatesModule } from './program-states/program-states.module';
import { ProgramsModule } from './programs/programs.module';
import { SignaturesModule } from './signatures/signatures.module';
import { SubscriptionsModule } from './subscriptions/subscriptions.module';
import { WorkersModule } from './workers/workers.module';

@Module({})
export class GatewayModule {
  static forRoot(config: GatewaySettings, core: CoreParts): DynamicModule {
    return {
      module: GatewayModule,
      imports: [
        CoreModule.forRoot(core),
        MessagingModule.forRoot({ service: 'gateway', natsUrl: config.NATS_URL }),
        GraphqlModule,
        GraphiqlModule,
        HealthModule.forRoot({ redisUrl: config.REDIS_URL }),
        SignaturesModule,
        ProgramsModule,
        ProgramStatesModule,
        ModelsModule,
        MetricsModule,
        EvaluationsModule,
        OptimizationsModule,
        ExecutionsModule,
        ProgramExecutionsModule,
        ExecutionEventsModule,
        ExecutionStatsModule,
        BatchesModule,
        BatchUploadsModule.forRoot({
          maxRows: config.DSPY_NEST_BATCH_MAX_ROWS ?? UPLOAD_LIMITS_DEFAULT.maxRows,
          maxBytes: config.DSPY_NEST_BATCH_MAX_BYTES ?? UPLOAD_LIMITS_DEFAULT.maxBytes,
        }),
        DatasetsModule,
        DatasetImportsModule,
        DatasetExportsModule,
        DatasetComparisonsModule,
        ExecutionExamplesModule,
        EventsModule,
        SubscriptionsModule,
        DeadLettersModule,
        FeedbackModule,
        WorkersModule,
        OpenAiModelsModule,
        ChatCompletionsModule,
        McpModule,
        OpenApiModule,
        AsyncApiModule.forRoot({ natsUrl: config.NATS_URL }),
      ],
    };
  }
}
