import { metricsHandler } from '@dspy-nest/messaging';
import { Telemetry } from '@dspy-nest/platform';
import { Module, type OnApplicationShutdown } from '@nestjs/common';
import { ExecutionMetrics } from './execution-metrics';

@Module({
  controllers: [metricsHandler('execution')],
  providers: [{ provide: Telemetry, useFactory: () => new Telemetry('execution') }, ExecutionMetrics],
  exports: [Telemetry, ExecutionMetrics],
})
export class TelemetryModule implements OnApplicationShutdown {
  constructor(private readonly telemetry: Telemetry) {}

  async onApplicationShutdown(): Promise<void> {
    await this.telemetry.shutdown();
  }
}
