import { Module, type DynamicModule } from '@nestjs/common';
import { GraphqlModule } from '../graphql/graphql.module';
import { HealthController } from './health.controller';
import { ReadinessService } from './readiness.service';
import { RedisProbe } from './redis.probe';
import { SuiteMetricsService } from './suite-metrics.service';

@Module({})
export class HealthModule {
  static forRoot({ redisUrl }: { redisUrl: string }): DynamicModule {
    return {
      module: HealthModule,
      imports: [GraphqlModule],
      controllers: [HealthController],
      providers: [
        ReadinessService,
        SuiteMetricsService,
        { provide: RedisProbe, useFactory: () => new RedisProbe(redisUrl) },
      ],
    };
  }
}
