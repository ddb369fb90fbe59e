import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Client } from 'pg';
import Redis from 'ioredis';
import { connect as connectNats } from '@nats-io/transport-node';
import { jetstreamManager } from '@nats-io/jetstream';
import { locateExecutables, startNats, startPostgres, startValkey, waitUntil, type EmbeddedServer } from '../src/index';
import { exchange } from '../src/text-protocol';
import { removeTemporaryHomes, temporaryHome } from './temporary-home';

const executables = locateExecutables(process.cwd());
const running: EmbeddedServer[] = [];

async function started<O extends object>(
  start: (options: O) => Promise<EmbeddedServer>,
  options: O,
): Promise<EmbeddedServer> {
  const server = await start(options);
  running.push(server);
  return server;
}

async function query(server: EmbeddedServer, text: string): Promise<unknown[]> {
  const client = new Client({ connectionString: server.url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

async function redis<T>(server: EmbeddedServer, use: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(server.url);
  try {
    return await use(client);
  } finally {
    client.disconnect();
  }
}

async function natsStreams(server: EmbeddedServer, add?: string): Promise<string[]> {
  const { username, password, host } = new URL(server.url);
  const connection = await connectNats({ servers: host, user: username, pass: password });
  try {
    const manager = await jetstreamManager(connection);
    if (add !== undefined) await manager.streams.add({ name: add, subjects: [add], max_bytes: 1_000_000 });
    return await manager.streams.names().next();
  } finally {
    await connection.close();
  }
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.child.stop()));
});
afterAll(removeTemporaryHomes);
jest.setTimeout(60_000);

describe('postgres', () => {
  it('is safe by its settings and sorts text the same on every machine', async () => {
    const server = await started(startPostgres, { home: temporaryHome(), executables });
    const names = [
      'fsync',
      'synchronous_commit',
      'max_connections',
      'timezone',
      'server_encoding',
      'unix_socket_directories',
    ];
    const rows = await query(
      server,
      `select name, setting from pg_settings where lower(name) in ('${names.join("','")}')`,
    );
    expect(
      Object.fromEntries((rows as { name: string; setting: string }[]).map(({ name, setting }) => [name, setting])),
    ).toEqual({
      TimeZone: 'UTC',
      fsync: 'on',
      max_connections: '200',
      server_encoding: 'UTF8',
      synchronous_commit: 'on',
      unix_socket_directories: '',
    });
    expect(await query(server, `select upper('é') as up, 'b' < 'a' collate "default" as less`)).toEqual([
      { up: 'É', less: false },
    ]);
  });

  it('refuses a wrong password', async () => {
    const server = await started(startPostgres, { home: temporaryHome(), executables });
    const url = new URL(server.url);
    url.password = 'wrong';
    await expect(new Client({ connectionString: url.href }).connect()).rejects.toThrow(
      'password authentication failed',
    );
  });

  it('keeps its data over a restart on another port', async () => {
    const home = temporaryHome();
    const first = await started(startPostgres, { home, executables });
    await query(first, 'create table kept (a int); insert into kept values (7)');
    await first.child.stop();
    const second = await started(startPostgres, { home, executables });
    expect(await query(second, 'select a from kept')).toEqual([{ a: 7 }]);
  });

  it('comes back by itself under the same URL, with what was committed, after kill -9', async () => {
    const crashes: string[] = [];
    const onCrash = ({ reason }: { reason: string }) => crashes.push(reason);
    const server = await started(startPostgres, { home: temporaryHome(), executables, onCrash });
    await query(server, 'create table kept (a int); insert into kept values (8)');
    process.kill(server.child.pid ?? 0, 'SIGKILL');
    const answers = async () => (await query(server, 'select a from kept')).length === 1;
    expect(await waitUntil(() => crashes.length > 0, { timeoutMs: 5_000 })).toBe(true);
    expect(await waitUntil(answers, { timeoutMs: 30_000 })).toBe(true);
    expect(crashes[0]).toBe('was ended by SIGKILL');
  });

  it('makes its data folder anew when the first start was interrupted in initdb', async () => {
    const home = temporaryHome();
    mkdirSync(join(home, 'postgres', 'unfinished', 'base'), { recursive: true });
    const server = await started(startPostgres, { home, executables });
    expect(await query(server, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(readdirSync(join(home, 'postgres'))).toEqual(['data']);
  });

  it('ends at once although clients are connected', async () => {
    const server = await startPostgres({ home: temporaryHome(), executables });
    const client = new Client({ connectionString: server.url });
    const ended = new Promise((resolve) => client.on('error', resolve));
    await client.connect();
    const startedAtMs = Date.now();
    await server.child.stop();
    expect(Date.now() - startedAtMs).toBeLessThan(5_000);
    expect(await ended).toBeInstanceOf(Error);
  });

  it('runs from programs and in a home that other users cannot reach', async () => {
    const locked = temporaryHome();
    cpSync(executables.postgresNative, join(locked, 'native'), { recursive: true, verbatimSymlinks: true });
    chmodSync(locked, 0o700);
    const own = { ...executables, postgresNative: join(locked, 'native') };
    const server = await started(startPostgres, { home: join(locked, 'home'), executables: own });
    expect(await query(server, 'select 1 as one')).toEqual([{ one: 1 }]);
  });
});

describe('nats', () => {
  it('has JetStream when it is ready, keeps its streams over a restart on the same port, and asks for a password', async () => {
    const home = temporaryHome();
    const first = await started(startNats, { home, executables });
    expect(await natsStreams(first, 'KEPT')).toEqual(['KEPT']);
    await first.child.stop();
    const second = await started(startNats, { home, executables, port: first.port });
    expect(second.url).toBe(first.url);
    expect(await natsStreams(second)).toEqual(['KEPT']);
    await expect(connectNats({ servers: new URL(first.url).host })).rejects.toThrow(/authorization/i);
  });

  it('refuses a stream above its limit', async () => {
    const server = await started(startNats, { home: temporaryHome(), executables, maxFileBytes: 500_000 });
    await expect(natsStreams(server, 'LARGE')).rejects.toThrow(/insufficient storage/i);
  });
});

describe('valkey', () => {
  it('keeps its data over kill -9 and a restart on the same port, and asks for a password', async () => {
    const home = temporaryHome();
    const first = await started(startValkey, { home, executables });
    await redis(first, (client) => client.set('kept', 'yes'));
    await first.child.kill();
    const second = await started(startValkey, { home, executables, port: first.port });
    expect(await redis(second, (client) => client.get('kept'))).toBe('yes');
    expect(await redis(second, (client) => client.config('GET', 'maxmemory-policy'))).toEqual([
      'maxmemory-policy',
      'noeviction',
    ]);
    const { port } = new URL(first.url);
    const anonymous = await exchange(connect(Number(port), '127.0.0.1'), 'GET kept\r\n', /\r\n/);
    expect(anonymous).toContain('-NOAUTH');
  });
});

describe('all servers', () => {
  it('say which port is taken when they must have it', async () => {
    const first = await started(startNats, { home: temporaryHome(), executables });
    await expect(startValkey({ home: temporaryHome(), executables, port: first.port })).rejects.toThrow(
      /already in use/i,
    );
  });

  it('run twice beside each other in two homes', async () => {
    const homes = [temporaryHome(), temporaryHome()];
    const servers = await Promise.all(
      homes.flatMap((home) =>
        [startPostgres, startNats, startValkey].map((start) => started(start, { home, executables })),
      ),
    );
    expect(new Set(servers.map((server) => server.port)).size).toBe(6);
    expect(new Set(servers.map((server) => new URL(server.url).password)).size).toBe(6);
  });

  it('listen on the loopback address only and keep passwords and data from other users', async () => {
    const home = temporaryHome();
    const servers = await Promise.all(
      [startPostgres, startNats, startValkey].map((start) => started(start, { home, executables })),
    );
    for (const file of [
      'postgres-password',
      'nats/password',
      'nats/nats.conf',
      'valkey/password',
      'valkey/valkey.conf',
    ]) {
      expect([file, statSync(join(home, file)).mode & 0o077]).toEqual([file, 0]);
    }
    for (const { port, url, child } of servers) {
      const line = readFileSync(`/proc/${child.pid}/cmdline`, 'utf8');
      expect(line).not.toContain(new URL(url).password);
      const outside = connect(port, '127.0.0.2');
      await expect(
        new Promise((resolve, reject) => outside.on('connect', resolve).on('error', reject)),
      ).rejects.toThrow('ECONNREFUSED');
    }
  });
});
