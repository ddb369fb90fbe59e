import { randomUUID } from 'node:crypto';
import { createLogger, newContext } from '@dspy-nest/platform';
import { createDatabase, startServers, type TestDatabase, type TestServers } from '@dspy-nest/testing';
import type { DataSource, MigrationInterface, QueryRunner } from 'typeorm';
import {
  createIdempotencyKeysTable,
  IdempotencyKeyPurge,
  IdempotencyKeys,
  keyedRequest,
  openDataSource,
  type FirstRequest,
  type KeyedRequest,
} from '../src/index';

const DAY_MS = 86_400_000;

class CreateKeys1700000000000 implements MigrationInterface {
  up(queryRunner: QueryRunner): Promise<void> {
    return createIdempotencyKeysTable(queryRunner, 'shop');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE shop.idempotency_keys');
  }
}

describe('idempotency keys', () => {
  const keys = new IdempotencyKeys('shop');
  const now = new Date();
  const later = (ms: number): Date => new Date(now.getTime() + ms);
  let servers: TestServers;
  let database: TestDatabase;
  let dataSource: DataSource;

  beforeAll(async () => {
    servers = await startServers({ only: ['postgres'] });
    database = await createDatabase(servers);
    const options = { url: database.url, schema: 'shop', entities: [], migrations: [CreateKeys1700000000000] };
    dataSource = await openDataSource(options);
  }, 60_000);
  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
    await servers.stop();
  });

  const request = (key: string, body: object = { a: 1 }, tenant = 'default'): KeyedRequest => {
    const keyed = keyedRequest({ ...newContext(tenant), idempotencyKey: key }, 'create', body);
    if (keyed === undefined) throw new Error('No key.');
    return keyed;
  };
  const claim = (keyed: KeyedRequest, subjectId: string, at = now): Promise<FirstRequest | null> =>
    dataSource.transaction((manager) => keys.claim(manager, keyed, subjectId, at));
  const first = (keyed: KeyedRequest, at = now): Promise<FirstRequest | null> =>
    keys.first(dataSource.manager, keyed, at);

  it('gives a key to one of many equal requests at once', async () => {
    const keyed = request(randomUUID());
    const subjects = Array.from({ length: 50 }, () => randomUUID());
    const claims = await Promise.all(subjects.map((subject) => claim(keyed, subject)));
    const winners = subjects.filter((_subject, index) => claims[index] === null);
    expect(winners).toHaveLength(1);
    expect(await first(keyed)).toEqual({ subjectId: winners[0], answer: null });
    expect(new Set(claims.map((one) => one?.subjectId)).size).toBe(2);
  });

  it('keeps the answer beside the key', async () => {
    const keyed = request(randomUUID());
    const subjectId = randomUUID();
    await dataSource.transaction(async (manager) => {
      await keys.claim(manager, keyed, subjectId, now);
      await keys.settle(manager, keyed, { id: subjectId, name: 'a thing' });
    });
    const kept = { subjectId, answer: { id: subjectId, name: 'a thing' } };
    expect(await first(keyed)).toEqual(kept);
    expect(await claim(keyed, randomUUID())).toEqual(kept);
  });

  it('refuses another request under the same key, and none of another tenant', async () => {
    const key = randomUUID();
    await claim(request(key), randomUUID());
    await expect(first(request(key, { a: 2 }))).rejects.toMatchObject({ code: 'idempotency_key_reused' });
    await expect(claim(request(key, { a: 2 }), randomUUID())).rejects.toMatchObject({
      code: 'idempotency_key_reused',
    });
    expect(await claim(request(key, { a: 2 }, 'other'), randomUUID())).toBeNull();
  });

  it('gives back the key of a transaction that failed', async () => {
    const keyed = request(randomUUID());
    const failed = dataSource.transaction(async (manager) => {
      await keys.claim(manager, keyed, randomUUID(), now);
      throw new Error('refused');
    });
    await expect(failed).rejects.toThrow('refused');
    expect(await first(keyed)).toBeNull();
    expect(await claim(keyed, randomUUID())).toBeNull();
  });

  it('forgets a key after 24 hours, purged or not', async () => {
    const keyed = request(randomUUID());
    await claim(keyed, randomUUID());
    expect(await first(keyed, later(DAY_MS - 1))).not.toBeNull();
    expect(await first(keyed, later(DAY_MS))).toBeNull();
    const again = { ...keyed, hash: 'b'.repeat(64) };
    const subjectId = randomUUID();
    expect(await claim(again, subjectId, later(DAY_MS))).toBeNull();
    expect(await first(again, later(DAY_MS))).toEqual({ subjectId, answer: null });
  });

  it('purges what has expired in batches, from several replicas at once, and nothing else', async () => {
    await dataSource.query(
      `INSERT INTO shop.idempotency_keys (tenant, key, request_hash, subject_id, created_at)
       SELECT 'purged', i::text, '', gen_random_uuid(), $1 FROM generate_series(1, 2500) AS i`,
      [later(-DAY_MS)],
    );
    const young = request(randomUUID());
    await claim(young, randomUUID());
    const purge = new IdempotencyKeyPurge(dataSource, keys, createLogger('test', 'silent'));
    const deleted = await Promise.all([purge.purge(now), purge.purge(now), purge.purge(now)]);
    await purge.purge(now);
    expect(deleted.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(2_500);
    expect(await dataSource.query(`SELECT 1 FROM shop.idempotency_keys WHERE tenant = 'purged'`)).toEqual([]);
    expect(await first(young)).not.toBeNull();
  });
});
