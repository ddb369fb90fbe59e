import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { CloudEvent } from '@dspy-nest/contracts';
import { createLogger, newContext } from '@dspy-nest/platform';
import { createDatabase, eventually, startServers, type TestServers } from '@dspy-nest/testing';
import { DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';
import {
  createOutboxTable,
  enqueueEvent,
  inTransaction,
  openDataSource,
  OutboxRelay,
  preparedQuery,
  PersistenceModule,
} from '../src/index';

const SCHEMA = 'shop';
const KILL_RELAY = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE datname = current_database() AND state = 'idle in transaction'`;

class CreateShop1700000000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('CREATE TABLE shop.things (id int PRIMARY KEY)');
    // Long enough that a second replica surely comes while the first is at it.
    await queryRunner.query('SELECT pg_sleep(0.1)');
    await createOutboxTable(queryRunner, SCHEMA);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE shop.outbox, shop.things');
  }
}

class BrokenMigration1700000000001 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('CREATE TABLE shop.half (id int)');
    await queryRunner.query('SELECT no_such_column');
  }

  async down(): Promise<void> {}
}

let servers: TestServers;
let database: { url: string; drop(): Promise<void> };
const opened: DataSource[] = [];

const options = (migrations = [CreateShop1700000000000]) => ({
  url: database.url,
  schema: SCHEMA,
  entities: [],
  migrations,
});

async function open(): Promise<DataSource> {
  const dataSource = await openDataSource(options());
  opened.push(dataSource);
  return dataSource;
}

beforeAll(async () => {
  Logger.overrideLogger(false);
  servers = await startServers({ only: ['postgres'] });
}, 60_000);

beforeEach(async () => {
  database = await createDatabase(servers);
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((dataSource) => dataSource.destroy()));
  await database.drop();
});

afterAll(async () => {
  await servers?.stop();
});

describe('migrations', () => {
  it('run once when several replicas start at once', async () => {
    const [first] = await Promise.all([open(), open(), open()]);
    expect(await first.query('SELECT name FROM shop.migrations')).toEqual([{ name: 'CreateShop1700000000000' }]);
  });

  it('that fail leave nothing behind, free the lock and stop the start', async () => {
    const broken = openDataSource(options([CreateShop1700000000000, BrokenMigration1700000000001]));
    await expect(broken).rejects.toThrow(/no_such_column/);
    const dataSource = await open();
    expect(await dataSource.query(`SELECT to_regclass('shop.half') AS half`)).toEqual([{ half: null }]);
    expect(
      await dataSource.query(`SELECT count(*)::int AS locks FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
         WHERE locktype = 'advisory' AND datname = current_database()`),
    ).toEqual([{ locks: 0 }]);
  });

  it('may take longer than a statement of a request, which stays bounded', async () => {
    const dataSource = await open();
    const [{ statement_timeout: timeout }] =
      await dataSource.query<[{ statement_timeout: string }]>('SHOW statement_timeout');
    expect(timeout).toBe('30s');
  });
});

describe('the persistence module', () => {
  it('gives an app a migrated data source and closes it with the app', async () => {
    const app = await NestFactory.createApplicationContext(
      { module: class Root {}, imports: [PersistenceModule.forRoot(options())] },
      { logger: false },
    );
    const dataSource = app.get(DataSource);
    expect(await dataSource.query('SELECT count(*)::int AS n FROM shop.things')).toEqual([{ n: 0 }]);
    await app.close();
    expect(dataSource.isInitialized).toBe(false);
  });
});

describe('a transaction', () => {
  it('knows its tenant, and the connection forgets it afterwards', async () => {
    const dataSource = await open();
    const tenantNow = `SELECT current_setting('app.tenant', true) AS tenant`;
    const inside = await inTransaction(dataSource, newContext('acme'), (manager) =>
      manager.query<unknown[]>(tenantNow),
    );
    expect(inside).toEqual([{ tenant: 'acme' }]);
    const after = await dataSource.query<{ tenant: string | null }[]>(tenantNow);
    expect(after[0]?.tenant || null).toBeNull();
  });

  it('that throws leaves neither the row nor its event', async () => {
    const dataSource = await open();
    const work = inTransaction(dataSource, newContext(), async (manager) => {
      await manager.query('INSERT INTO shop.things VALUES (1)');
      await enqueueEvent(manager, SCHEMA, 'dspy.evt.x', event(1));
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(await counts(dataSource)).toEqual({ things: 0, waiting: 0 });
  });
});

describe('preparedQuery', () => {
  const SUM = { name: 'sum', text: 'SELECT $1::int + $2::int AS sum' };

  it('answers rows, and has a connection plan the statement once', async () => {
    const dataSource = await open();
    await expect(preparedQuery(dataSource, SUM, [1, 2])).resolves.toEqual([{ sum: 3 }]);
    await expect(preparedQuery(dataSource, SUM, [3, 4])).resolves.toEqual([{ sum: 7 }]);
    const kept = "SELECT generic_plans + custom_plans AS plans FROM pg_prepared_statements WHERE name = 'sum'";
    await expect(dataSource.query(kept)).resolves.toEqual([{ plans: '2' }]);
  });

  it('rejects with the code of the database', async () => {
    const dataSource = await open();
    await expect(preparedQuery(dataSource, SUM, [2_147_483_647, 1])).rejects.toMatchObject({ code: '22003' });
  });
});

describe('the outbox relay', () => {
  const logger = createLogger('test', 'silent');

  it('publishes in order, each once, and deletes', async () => {
    const dataSource = await open();
    const seen: number[] = [];
    const relay = new OutboxRelay(
      dataSource,
      SCHEMA,
      async (_subject, { data }) => void seen.push(data as number),
      logger,
    );
    relay.start();
    const numbers = Array.from({ length: 250 }, (_, n) => n);
    for (const n of numbers) await enqueueEvent(dataSource.manager, SCHEMA, 'dspy.evt.x', event(n));
    relay.wake();
    await eventually(() => expect(seen).toHaveLength(numbers.length));
    await relay.stop();
    expect(seen).toEqual(numbers);
    expect(await counts(dataSource)).toEqual({ things: 0, waiting: 0 });
  });

  it('keeps what cannot be published, and its order, until it can', async () => {
    const dataSource = await open();
    const seen: number[] = [];
    let broken = true;
    const publish = async (_subject: string, { data }: CloudEvent): Promise<void> => {
      if (broken && data === 2) throw new Error('NATS is away');
      seen.push(data as number);
    };
    for (const n of [1, 2, 3]) await enqueueEvent(dataSource.manager, SCHEMA, 'dspy.evt.x', event(n));
    const relay = new OutboxRelay(dataSource, SCHEMA, publish, logger);
    relay.start();
    await eventually(async () => expect(await counts(dataSource)).toEqual({ things: 0, waiting: 2 }));
    broken = false;
    await eventually(() => expect(seen).toEqual([1, 2, 3]));
    await relay.stop();
  });

  it('keeps the order of each subject, and has none wait for another', async () => {
    const dataSource = await open();
    const seen: unknown[] = [];
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const publish = async (_subject: string, { data }: CloudEvent): Promise<void> => {
      seen.push(data);
      await released;
    };
    for (const [subject, n] of [
      ['a', 1],
      ['a', 2],
      ['b', 3],
    ] as const) {
      await enqueueEvent(dataSource.manager, SCHEMA, 'dspy.evt.x', { ...event(n), subject });
    }
    const relay = new OutboxRelay(dataSource, SCHEMA, publish, logger);
    relay.start();
    await eventually(() => expect(seen).toEqual([1, 3]));
    release();
    await relay.stop();
    expect(seen).toEqual([1, 3, 2]);
  });

  it('publishes rows that it is handed without reading them, and finds those later that it could not publish', async () => {
    const dataSource = await open();
    const seen: unknown[] = [];
    let broken = true;
    const publish = async (_subject: string, { data }: CloudEvent): Promise<void> => {
      if (broken && data === 'b') throw new Error('NATS is away');
      seen.push(data);
    };
    const store = (data: string): Promise<void> => enqueueEvent(dataSource.manager, SCHEMA, 'dspy.evt.x', event(data));
    await store('found at the start');
    const relay = new OutboxRelay(dataSource, SCHEMA, publish, logger);
    relay.start();
    await eventually(async () => expect(await counts(dataSource)).toEqual({ things: 0, waiting: 0 }));
    await store('a, as it is read');
    await store('b, as it is read');
    const stored = await dataSource.query<{ id: string }[]>('SELECT id FROM shop.outbox ORDER BY id');
    for (const [index, data] of ['a', 'b'].entries()) {
      relay.hand([{ id: stored[index]!.id, subject: 'dspy.evt.x', event: { ...event(data), subject: data } }]);
    }
    await eventually(() => expect(seen).toEqual(['found at the start', 'a']));
    broken = false;
    await eventually(() => expect(seen).toEqual(['found at the start', 'a', 'b, as it is read']));
    await relay.stop();
    expect(await counts(dataSource)).toEqual({ things: 0, waiting: 0 });
  });

  it('publishes again, with the same id, what a crash kept from being deleted', async () => {
    const dataSource = await open();
    const seen: string[] = [];
    const published = event('once');
    await enqueueEvent(dataSource.manager, SCHEMA, 'dspy.evt.x', published);
    // The connection dies between publishing and deleting, as when the process is killed.
    const dying = new OutboxRelay(
      dataSource,
      SCHEMA,
      async (_subject, { id }) => {
        seen.push(id);
        await dataSource.query(KILL_RELAY);
      },
      logger,
    );
    dying.start();
    await eventually(() => expect(seen).toHaveLength(1));
    await dying.stop();
    expect(await counts(dataSource)).toEqual({ things: 0, waiting: 1 });

    const next = new OutboxRelay(dataSource, SCHEMA, async (_subject, { id }) => void seen.push(id), logger);
    next.start();
    await eventually(() => expect(seen).toEqual([published.id, published.id]));
    await next.stop();
    expect(await counts(dataSource)).toEqual({ things: 0, waiting: 0 });
  });

  it('shares the work among replicas without publishing twice', async () => {
    const dataSource = await open();
    const seen: number[] = [];
    for (let n = 0; n < 300; n += 1) await enqueueEvent(dataSource.manager, SCHEMA, 'dspy.evt.x', event(n));
    const relays = [1, 2, 3].map(
      () => new OutboxRelay(dataSource, SCHEMA, async (_subject, { data }) => void seen.push(data as number), logger),
    );
    for (const relay of relays) relay.start();
    await eventually(async () => expect((await counts(dataSource)).waiting).toBe(0));
    await Promise.all(relays.map((relay) => relay.stop()));
    expect(seen.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 300 }, (_, n) => n));
  });
});

function event(data: unknown): CloudEvent {
  return {
    specversion: '1.0',
    id: `event-${JSON.stringify(data)}`,
    source: 'test',
    type: 'test.happened',
    time: '2026-01-31T12:00:00.000Z',
    datacontenttype: 'application/json',
    tenant: 'acme',
    data,
  };
}

async function counts(dataSource: DataSource): Promise<{ things: number; waiting: number }> {
  const sql =
    'SELECT (SELECT count(*)::int FROM shop.things) AS things, (SELECT count(*)::int FROM shop.outbox) AS waiting';
  const [row] = await dataSource.query<[{ things: number; waiting: number }]>(sql);
  return row;
}
