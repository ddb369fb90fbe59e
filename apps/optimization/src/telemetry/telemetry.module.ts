import { Telemetry } from '@dspy-nest/platform';
import { Module, type OnApplicationShutdown } from '@nestjs/common';
import { MetricsHandler } from './metrics.handler';

@Module({
  controllers: [MetricsHandler],
  providers: [{ provide: Telemetry, useFactory: () => new Telemetry('optimization') }],
})
export class TelemetryModule implements OnApplicationShutdown {
  constructor(private readonly telemetry: Telemetry) {}

  async onApplicationShutdown(): Promise<void> {
    await this.telemetry.shutdown();
  }
}
