import { MessagingModule } from '@dspy-nest/messaging';
import { PersistenceModule } from '@dspy-nest/persistence';
import type { Logger } from '@dspy-nest/platform';
import { Module, type DynamicModule } from '@nestjs/common';
import { DatasetEntity, DatasetVersionEntity } from './datasets/dataset.entity';
import { DatasetComparisonsModule } from './dataset-comparisons/dataset-comparisons.module';
import { DatasetImportEntity } from './dataset-imports/dataset-import.entity';
import { DatasetImportsModule } from './dataset-imports/dataset-imports.module';
import { DatasetsModule } from './datasets/datasets.module';
import { HealthModule } from './health/health.module';
import { CreateRegistry1763800000000 } from './migrations/1763800000000-create-registry';
import { CreateIdempotencyKeys1764100000000 } from './migrations/1764100000000-create-idempotency-keys';
import { CreateDatasets1769500000000 } from './migrations/1769500000000-create-datasets';
import { CreateDatasetImports1770200000000 } from './migrations/1770200000000-create-dataset-imports';
import { StratifyDatasets1770300000000 } from './migrations/1770300000000-stratify-datasets';
import { ModelEntity } from './models/model.entity';
import { ModelsModule } from './models/models.module';
import { ProgramEntity, ProgramVersionEntity } from './programs/program.entity';
import { ProgramStatesModule } from './program-states/program-states.module';
import { ProgramsModule } from './programs/programs.module';
import type { RegistrySettings } from './registry.settings';
import { RuntimeModule } from './runtime.module';
import { SignatureEntity, SignatureVersionEntity } from './signatures/signature.entity';
import { SignaturesModule } from './signatures/signatures.module';
import { SubgraphModule } from './subgraph/subgraph.module';
import { TelemetryModule } from './telemetry/telemetry.module';

const ENTITIES = [
  SignatureEntity,
  SignatureVersionEntity,
  ProgramEntity,
  ProgramVersionEntity,
  ModelEntity,
  DatasetEntity,
  DatasetVersionEntity,
  DatasetImportEntity,
];
const MIGRATIONS = [
  CreateRegistry1763800000000,
  CreateIdempotencyKeys1764100000000,
  CreateDatasets1769500000000,
  CreateDatasetImports1770200000000,
  StratifyDatasets1770300000000,
];

@Module({})
export class RegistryModule {
  static forRoot(settings: RegistrySettings, logger: Logger): DynamicModule {
    return {
      module: RegistryModule,
      imports: [
        RuntimeModule.forRoot(settings, logger),
        PersistenceModule.forRoot({
          url: settings.DATABASE_URL,
          schema: 'registry',
          entities: ENTITIES,
          migrations: MIGRATIONS,
        }),
        MessagingModule.forRoot({ service: 'registry', natsUrl: settings.NATS_URL }),
        SignaturesModule,
        ModelsModule,
        ProgramsModule,
        ProgramStatesModule,
        DatasetsModule,
        DatasetImportsModule,
        DatasetComparisonsModule,
        SubgraphModule,
        HealthModule,
        TelemetryModule,
      ],
    };
  }
}
