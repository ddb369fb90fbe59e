import { Redis } from 'ioredis';
import { inRounds } from '../rounds';
import type { Scenario } from '../scenario';
import { copyStore, killAndStart, putBackStore, stopAtOnceAndStart } from '../suite/outages';

const REST_MS = 3_000;
const FLUSH_REST_MS = 500;
const LONGEST_AWAY_MS = 2_000;

const restartNats: Scenario = {
  name: 'restart-nats',
  title: 'kill -9 of NATS, started again',
  full: { faults: 30, executions: 1_500 },
  small: { faults: 1, executions: 40 },
  async run(stage, budget) {
    const { suite, random } = stage;
    const { child } = suite.servers.nats;
    await inRounds(stage, budget, REST_MS, () => killAndStart(child, random.between(0, LONGEST_AWAY_MS)));
    return [];
  },
};

const olderNatsStore: Scenario = {
  name: 'older-nats-store',
  title: "NATS' store put back to an older copy",
  full: { faults: 10, executions: 500 },
  small: { faults: 1, executions: 40 },
  // Events that were published after the copy was made are not in it.
  allowance: { eventsMayBeLost: true },
  async run(stage, budget) {
    const { home, servers } = stage.suite;
    const { child } = servers.nats;
    let copy = await copyStore(home, child);
    await inRounds(stage, budget, REST_MS, async (round) => {
      await putBackStore(home, child, copy);
      if (round % 2 === 1) copy = await copyStore(home, child);
    });
    return [];
  },
};

const stopPostgres: Scenario = {
  name: 'stop-postgres',
  title: 'Postgres stopped at once or killed, started again',
  full: { faults: 20, executions: 1_000 },
  small: { faults: 1, executions: 40 },
  async run(stage, budget) {
    const { suite, random } = stage;
    const { child } = suite.servers.postgres;
    await inRounds(stage, budget, REST_MS, (round) => {
      const awayMs = random.between(0, LONGEST_AWAY_MS);
      return round % 2 === 0 ? stopAtOnceAndStart(child, awayMs) : killAndStart(child, awayMs);
    });
    return [];
  },
};

const flushValkey: Scenario = {
  name: 'flush-valkey',
  title: 'Valkey flushed',
  full: { faults: 60, executions: 1_500 },
  small: { faults: 4, executions: 40 },
  async run(stage, budget) {
    const redis = new Redis(stage.suite.servers.valkey.url);
    await inRounds(stage, budget, FLUSH_REST_MS, async () => void (await redis.flushall()));
    redis.disconnect();
    return [];
  },
};

/** Servers that lose their connections, their memory or their past. */
export const SERVER_FAULTS: readonly Scenario[] = [restartNats, olderNatsStore, stopPostgres, flushValkey];
