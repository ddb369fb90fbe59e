import type { JsonObject } from '@dspy-nest/contracts';
import { uuidv7, type Logger, type RequestContext } from '@dspy-nest/platform';
import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import type { DataSource, EntityManager } from 'typeorm';
import { IdempotencyKeyPurge } from './idempotency-key-purge';
import { IdempotencyKeys, keyedRequest } from './idempotency-keys';

/** What is asked to be made. */
interface Creation<E extends string> {
  entity: E;
  request: object;
}

/** What creations work with; `outbox` runs their transactions. */
export interface CreationsParts {
  readonly dataSource: DataSource;
  readonly schema: string;
  readonly outbox: {
    transaction<T>(ctx: RequestContext, work: (manager: EntityManager) => Promise<T>): Promise<T>;
  };
  readonly logger: Logger;
}

/** Makes things once for each idempotency key: the key, what it made and what was answered commit together. */
export class KeyedCreations<E extends string> implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly keys: IdempotencyKeys;
  private readonly purge: IdempotencyKeyPurge;
  private readonly outbox: CreationsParts['outbox'];

  constructor({ dataSource, schema, outbox, logger }: CreationsParts) {
    this.keys = new IdempotencyKeys(schema);
    this.purge = new IdempotencyKeyPurge(dataSource, this.keys, logger);
    this.outbox = outbox;
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
    { entity, request }: Creation<E>,
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
