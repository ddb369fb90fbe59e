import { JobQueue, Nats } from '@dspy-nest/messaging';
import type { Logger } from '@dspy-nest/platform';
import { Inject, Module, type OnApplicationBootstrap } from '@nestjs/common';
import { AdaptersModule } from '../adapters/adapters.module';
import { LOGGER } from '../logger';
import { DispatchService } from './dispatch.service';
import { DEFAULT_POOL, LANES } from './replica';

@Module({ imports: [AdaptersModule], providers: [DispatchService], exports: [DispatchService] })
export class DispatchModule implements OnApplicationBootstrap {
  constructor(
    private readonly jobs: JobQueue,
    private readonly nats: Nats,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.declare();
    // NATS may have come back without its store.
    this.nats.onReconnect(() => {
      this.declare().catch((error: unknown) => this.logger.error({ err: error }, 'Could not declare the work queue.'));
    });
  }

  private async declare(): Promise<void> {
    await this.jobs.declareStreams();
    for (const lane of LANES) await this.jobs.declareWorkerConsumer(DEFAULT_POOL, lane);
    await this.jobs.declareOptimizationConsumer(DEFAULT_POOL);
  }
}
