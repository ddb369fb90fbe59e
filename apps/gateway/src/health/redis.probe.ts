import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { HealthCheck } from '@dspy-nest/contracts';
import type { HealthProbe } from '@dspy-nest/platform';
import { Redis } from 'ioredis';

const COMMAND_TIMEOUT_MS = 1_500;
const RETRY_MAX_MS = 1_000;

/** Whether Redis answers a PING. */
@Injectable()
export class RedisProbe implements HealthProbe, OnApplicationShutdown {
  readonly name = 'redis';
  readonly #redis: Redis;

  constructor(url: string) {
    this.#redis = new Redis(url, {
      lazyConnect: true,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      commandTimeout: COMMAND_TIMEOUT_MS,
      retryStrategy: (attempt) => Math.min(attempt * 100, RETRY_MAX_MS),
    });
    // The probe tells of a lost connection; without a listener each attempt would be printed.
    this.#redis.on('error', () => undefined);
  }

  async check(): Promise<HealthCheck> {
    try {
      if (this.#redis.status === 'wait' || this.#redis.status === 'end') await this.#redis.connect();
      await this.#redis.ping();
      return { name: this.name, healthy: true, message: 'ok' };
    } catch {
      return {
        name: this.name,
        healthy: false,
        message: 'Redis does not answer.',
        remedy: 'Start Redis, or correct REDIS_URL.',
      };
    }
  }

  onApplicationShutdown(): void {
    this.#redis.disconnect();
  }
}
