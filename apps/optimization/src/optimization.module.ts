import { MessagingModule } from '@dspy-nest/messaging';
import { PersistenceModule } from '@dspy-nest/persistence';
import type { Logger } from '@dspy-nest/platform';
import { BullModule } from '@nestjs/bull';
import { Module, type DynamicModule } from '@nestjs/common';
import { EvaluationComparisonsModule } from './evaluation-comparisons/evaluation-comparisons.module';
import { EvaluationResultsModule } from './evaluation-results/evaluation-results.module';
import { EvaluationRunsModule } from './evaluation-runs/evaluation-runs.module';
import { EvaluationEntity } from './evaluations/evaluation.entity';
import { EvaluationsModule } from './evaluations/evaluations.module';
import { HealthModule } from './health/health.module';
import { MetricEntity, MetricVersionEntity } from './metrics/metric.entity';
import { MetricsModule } from './metrics/metrics.module';
import { CreateMetrics1764960000000 } from './migrations/1764960000000-create-metrics';
import { CreateEvaluations1764970000000 } from './migrations/1764970000000-create-evaluations';
import { EvaluateOnDatasets1764990000000 } from './migrations/1764990000000-evaluate-on-datasets';
import { CreateOptimizations1765000000000 } from './migrations/1765000000000-create-optimizations';
import { JudgeAnswers1765010000000 } from './migrations/1765010000000-judge-answers';
import { JudgeOptimizations1765020000000 } from './migrations/1765020000000-judge-optimizations';
import { OptimizationDiffsModule } from './optimization-diffs/optimization-diffs.module';
import { OptimizationGraphModule } from './optimization-graph/optimization-graph.module';
import { OptimizationPublicationsModule } from './optimization-publications/optimization-publications.module';
import { OptimizationReportsModule } from './optimization-reports/optimization-reports.module';
import { OptimizationRunsModule } from './optimization-runs/optimization-runs.module';
import { OptimizationEntity } from './optimizations/optimization.entity';
import { OptimizationsModule } from './optimizations/optimizations.module';
import type { OptimizationSettings } from './optimization.settings';
import { RuntimeModule } from './runtime.module';
import { SubgraphModule } from './subgraph/subgraph.module';
import { TelemetryModule } from './telemetry/telemetry.module';

const ENTITIES = [MetricEntity, MetricVersionEntity, EvaluationEntity, OptimizationEntity];
const MIGRATIONS = [
  CreateMetrics1764960000000,
  CreateEvaluations1764970000000,
  EvaluateOnDatasets1764990000000,
  CreateOptimizations1765000000000,
  JudgeAnswers1765010000000,
  JudgeOptimizations1765020000000,
];

@Module({})
export class OptimizationModule {
  static forRoot(settings: OptimizationSettings, logger: Logger): DynamicModule {
    return {
      module: OptimizationModule,
      imports: [
        RuntimeModule.forRoot(logger),
        PersistenceModule.forRoot({
          url: settings.DATABASE_URL,
          schema: 'optimization',
          entities: ENTITIES,
          migrations: MIGRATIONS,
        }),
        MessagingModule.forRoot({ service: 'optimization', natsUrl: settings.NATS_URL }),
        BullModule.forRoot({ url: settings.REDIS_URL, prefix: 'dspy-nest' }),
        MetricsModule,
        EvaluationsModule,
        EvaluationRunsModule,
        EvaluationResultsModule,
        EvaluationComparisonsModule,
        OptimizationsModule,
        OptimizationReportsModule,
        OptimizationDiffsModule,
        OptimizationPublicationsModule,
        OptimizationGraphModule,
        OptimizationRunsModule,
        SubgraphModule,
        HealthModule,
        TelemetryModule,
      ],
    };
  }
}
