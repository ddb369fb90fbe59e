import type { Logger } from '@dspy-nest/platform';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { ExecutionEntity } from '../executions/execution.entity';
import { LOGGER } from '../logger';
import { RedisConnection } from '../redis/redis-connection';
import { OpenExecutionsRepository } from './open-executions.repository';

/** A replica that dies keeps its slots no longer than this; the executions it held may then run beside as many others. */
const LEASE_MS = 30_000;
const RENEW_EVERY_MS = 10_000;

/** A sorted set of executions by the end of their lease. Takes one more unless that passes the limit; by the clock of Redis. */
const ACQUIRE = `
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
  local held = redis.call('ZSCORE', KEYS[1], ARGV[1])
  if not held and redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[2]) then return 0 end
  redis.call('ZADD', KEYS[1], now + ARGV[3], ARGV[1])
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
  return 1`;
const UNLIMITED = Number.MAX_SAFE_INTEGER;

interface Slot {
  readonly tenant: string;
  readonly id: string;
  readonly key: string;
  readonly sinceMs: number;
}

/**
 * The open executions of programs that limit them, counted in Redis over all replicas. Without Redis nobody is refused, and a
 * count that was lost is there again with the next renewal.
 */
@Injectable()
export class ProgramSlots implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly held = new Map<string, Slot>();
  private timer: NodeJS.Timeout | undefined;
  private isAway = false;

  constructor(
    private readonly redis: RedisConnection,
    private readonly open: OpenExecutionsRepository,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.renew(performance.now()), RENEW_EVERY_MS);
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** Takes a slot of the program for an execution; resolves to false when all `limit` are taken. */
  async acquire({ tenant, id, programId }: ExecutionEntity, limit: number): Promise<boolean> {
    const slot = { tenant, id, key: `dspy-nest:open-executions:${tenant}:${programId}`, sinceMs: performance.now() };
    try {
      if ((await this.redis.client.eval(ACQUIRE, 1, slot.key, id, limit, LEASE_MS)) === 0) return false;
      this.isAway = false;
    } catch (error) {
      this.complain(error);
    }
    this.held.set(id, slot);
    return true;
  }

  /** Gives the slot of an execution back, if this replica took one for it. */
  release(id: string): void {
    const slot = this.held.get(id);
    if (slot === undefined) return;
    this.held.delete(id);
    // A slot that could not be given back is free when its lease ends.
    this.redis.client.zrem(slot.key, id).catch((error: unknown) => this.complain(error));
  }

  /** Renews what is held as of `nowMs`, and gives back what ended without this replica hearing of it. */
  async renew(nowMs: number): Promise<void> {
    try {
      await this.releaseEnded([...this.held.values()].filter(({ sinceMs }) => nowMs - sinceMs >= RENEW_EVERY_MS));
      await Promise.all(
        [...this.held.values()].map(({ key, id }) => this.redis.client.eval(ACQUIRE, 1, key, id, UNLIMITED, LEASE_MS)),
      );
    } catch (error) {
      this.complain(error);
    }
  }

  private async releaseEnded(slots: Slot[]): Promise<void> {
    if (slots.length === 0) return;
    const open = await this.open.among(slots);
    for (const { id } of slots) if (!open.has(id)) this.release(id);
  }

  private complain(error: unknown): void {
    if (this.isAway) return;
    this.isAway = true;
    this.logger.warn({ err: error }, 'Redis does not answer: config.maxConcurrency of programs is not kept meanwhile.');
  }
}
