import type { Logger } from '@dspy-nest/platform';
import { Global, Module, type DynamicModule } from '@nestjs/common';
import { LOGGER } from './logger.token';
import { REGISTRY_SETTINGS, type RegistrySettings } from './registry.settings';

/** What the process was started with, for every module. */
@Global()
@Module({})
export class RuntimeModule {
  static forRoot(settings: RegistrySettings, logger: Logger): DynamicModule {
    const providers = [
      { provide: REGISTRY_SETTINGS, useValue: settings },
      { provide: LOGGER, useValue: logger },
    ];
    return { module: RuntimeModule, providers, exports: [REGISTRY_SETTINGS, LOGGER] };
  }
}
