import type { Logger } from '@dspy-nest/platform';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { LOGGER } from '../logger.token';
import { DatasetImportsService } from './dataset-imports.service';

const EVERY_MS = 30_000;
const ABANDONED_MS = 120_000;

/** Gives up the imports whose gateway died, so that their datasets take examples again; any number of replicas may do so at once. */
@Injectable()
export class AbandonedImports implements OnApplicationBootstrap, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly imports: DatasetImportsService,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.looking = this.imports
        .giveUpAbandoned(new Date(Date.now() - ABANDONED_MS))
        .catch((err: unknown) => this.logger.error({ err }, 'Abandoned imports could not be dropped; trying again.'));
    }, EVERY_MS);
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
  }
}
