import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Redis } from 'ioredis';
import { CONFIG, type ExecutionConfig } from '../execution.config';

/** Of a command and of the connection. What Redis is for can be done without, so nobody waits longer for it. */
const PATIENCE_MS = 1_000;
const RECONNECT_MAX_MS = 1_000;

/** The connection of a replica to Redis. Commands fail at once while there is none. */
@Injectable()
export class RedisConnection implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly client: Redis;

  constructor(@Inject(CONFIG) config: ExecutionConfig) {
    this.client = new Redis(config.REDIS_URL, {
      connectionName: 'execution',
      lazyConnect: true,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      connectTimeout: PATIENCE_MS,
      commandTimeout: PATIENCE_MS,
      retryStrategy: (attempt) => Math.min(attempt * 100, RECONNECT_MAX_MS),
    });
    // What a lost connection means is told where a command needs it.
    this.client.on('error', () => undefined);
  }

  /** Before the first request, which would have to do without. */
  async onApplicationBootstrap(): Promise<void> {
    await this.client.connect().catch(() => undefined);
  }

  onApplicationShutdown(): void {
    this.client.disconnect();
  }
}
