import { Module, type DynamicModule } from '@nestjs/common';
import { MessagingModule } from '@dspy-nest/messaging';
import { CoreModule, type CoreParts } from './core.module';
import { DeadLettersModule } from './dead-letters/dead-letters.module';
import { ExecutionsModule } from './executions/executions.module';
import type { GatewayConfig } from './gateway.config';
import { GraphqlModule } from './graphql/graphql.module';
import { HealthModule } from './health/health.module';
import { ModelsModule } from './models/models.module';
import { ProgramsModule } from './programs/programs.module';
import { SignaturesModule } from './signatures/signatures.module';
import { WorkersModule } from './workers/workers.module';

@Module({})
export class GatewayModule {
  static forRoot(config: Pick<GatewayConfig, 'NATS_URL' | 'REDIS_URL'>, core: CoreParts): DynamicModule {
    return {
      module: GatewayModule,
      imports: [
        CoreModule.forRoot(core),
        MessagingModule.forRoot({ service: 'gateway', natsUrl: config.NATS_URL }),
        GraphqlModule,
        HealthModule.forRoot({ redisUrl: config.REDIS_URL }),
        SignaturesModule,
        ProgramsModule,
        ModelsModule,
        ExecutionsModule,
        DeadLettersModule,
        WorkersModule,
      ],
    };
  }
}
