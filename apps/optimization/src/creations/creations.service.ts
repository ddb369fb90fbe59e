import { IdempotencyKeyPurge, IdempotencyKeys, keyedRequest } from '@dspy-nest/persistence';
import type { JsonObject } from '@dspy-nest/contracts';
import { uuidv7, type Logger, type RequestContext } from '@dspy-nest/platform';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { OptimizationOutbox, SCHEMA } from '../outbox/optimization-outbox';
import { LOGGER } from '../logger.token';

/** What is asked to be made. */
export interface Creation {
  entity: 'metric' | 'evaluation';
  request: object;
}

/** Makes things once for each idempotency key: the key, what it made and what was answered commit together. */
@Injectable()
export class CreationsService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly keys = new IdempotencyKeys(SCHEMA);
  private readonly purge: IdempotencyKeyPurge;

  constructor(
    dataSource: DataSource,
    private readonly outbox: OptimizationOutbox,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.purge = new IdempotencyKeyPurge(dataSource, this.keys, logger);
  }

  onApplicationBootstrap(): void {
    this.purge.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.purge.stop();
  }

  /**
   * Runs the work, which is given the id of what it makes, in one transaction with its events; or gives the answer of the
   * first request with the key, waiting while that one is under way. What failed left no key behind and may be asked again.
   * Throws IdempotencyKeyReusedError.
   */
  async once<T extends object>(
    ctx: RequestContext,
    { entity, request }: Creation,
    work: (manager: EntityManager, id: string) => Promise<T>,
  ): Promise<T> {
    const keyed = keyedRequest(ctx, `${entity}.create`, request);
    const id = uuidv7();
    return this.outbox.transaction(ctx, async (manager) => {
      if (keyed === undefined) return work(manager, id);
      const first = await this.keys.claim(manager, keyed, id, new Date());
      if (first !== null) return first.answer as T;
      const made = await work(manager, id);
      await this.keys.settle(manager, keyed, made as JsonObject);
      return made;
    });
  }
}
