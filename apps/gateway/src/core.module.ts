import { Global, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { Telemetry, type Logger } from '@dspy-nest/platform';
import { Drain } from './http/drain';
import type { GatewayConfig } from './gateway.config';
import { INTROSPECTION } from './introspection.token';
import { LOGGER } from './logger.token';

/** What the HTTP server and the features share. */
export interface CoreParts {
  logger: Logger;
  telemetry: Telemetry;
  drain: Drain;
  introspection: GatewayConfig['DSPY_NEST_INTROSPECTION'];
}

@Global()
@Module({})
export class CoreModule implements OnApplicationShutdown {
  constructor(private readonly telemetry: Telemetry) {}

  static forRoot({ logger, telemetry, drain, introspection }: CoreParts): DynamicModule {
    const providers = [
      { provide: LOGGER, useValue: logger },
      { provide: Telemetry, useValue: telemetry },
      { provide: Drain, useValue: drain },
      { provide: INTROSPECTION, useValue: introspection },
    ];
    return { module: CoreModule, providers, exports: providers };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.telemetry.shutdown();
  }
}
