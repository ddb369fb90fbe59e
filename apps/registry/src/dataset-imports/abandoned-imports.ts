import { RecurringTask, type Logger } from '@dspy-nest/platform';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { LOGGER } from '../logger.token';
import { DatasetImportsService } from './dataset-imports.service';

const EVERY_MS = 30_000;
const ABANDONED_MS = 120_000;

/** Gives up the imports whose gateway died, so that their datasets take examples again; any number of replicas may do so at once. */
@Injectable()
export class AbandonedImports implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly looks = new RecurringTask(
    () => this.imports.giveUpAbandoned(new Date(Date.now() - ABANDONED_MS)),
    EVERY_MS,
    (err) => this.logger.error({ err }, 'Abandoned imports could not be dropped; trying again.'),
  );

  constructor(
    private readonly imports: DatasetImportsService,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.looks.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.looks.stop();
  }
}
