import type { Logger } from '@dspy-nest/platform';
import { Global, Module, type DynamicModule } from '@nestjs/common';
import { LOGGER } from './logger.token';

/** What the process was started with, for every module. */
@Global()
@Module({})
export class RuntimeModule {
  static forRoot(logger: Logger): DynamicModule {
    return { module: RuntimeModule, providers: [{ provide: LOGGER, useValue: logger }], exports: [LOGGER] };
  }
}
