import { metricsHandler } from '@dspy-nest/messaging';
import { Telemetry } from '@dspy-nest/platform';
import { Module, type OnApplicationShutdown } from '@nestjs/common';

@Module({
  controllers: [metricsHandler('optimization')],
  providers: [{ provide: Telemetry, useFactory: () => new Telemetry('optimization') }],
})
export class TelemetryModule implements OnApplicationShutdown {
  constructor(private readonly telemetry: Telemetry) {}

  async onApplicationShutdown(): Promise<void> {
    await this.telemetry.shutdown();
  }
}
