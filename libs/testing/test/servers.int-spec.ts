import { connect as connectSocket } from 'node:net';
import { Client } from 'pg';
import { createDatabase, startServers } from '../src/index';

async function ask(databaseUrl: string, statement: string): Promise<unknown[]> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end();
  }
}

function isListening(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connectSocket(Number(port), hostname, () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

describe('startServers', () => {
  it('gives NATS and Redis of its own, and ends them', async () => {
    const servers = await startServers({ only: ['nats', 'redis'] });
    const { natsUrl, redisUrl } = servers;
    expect(await Promise.all([natsUrl, redisUrl].map(isListening))).toEqual([true, true]);
    expect(() => servers.databaseUrl).toThrow("add 'postgres' to `only`");
    await servers.stop();
    expect(await Promise.all([natsUrl, redisUrl].map(isListening))).toEqual([false, false]);
    await servers.stop();
  });

  it('gives each suite a NATS of its own', async () => {
    const [one, other] = await Promise.all([startServers({ only: ['nats'] }), startServers({ only: ['nats'] })]);
    expect(one.natsUrl).not.toBe(other.natsUrl);
    await Promise.all([one.stop(), other.stop()]);
  });

  it('shares one Postgres, which stopping leaves alone', async () => {
    const [one, other] = await Promise.all([
      startServers({ only: ['postgres'] }),
      startServers({ only: ['postgres'] }),
    ]);
    expect(one.databaseUrl).toBe(other.databaseUrl);
    await one.stop();
    expect(await ask(other.databaseUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});

describe('createDatabase', () => {
  it('gives each caller an empty database of its own and removes it while it is in use', async () => {
    const servers = await startServers({ only: ['postgres'] });
    const [one, other] = await Promise.all([createDatabase(servers), createDatabase(servers)]);
    await ask(one.url, 'CREATE TABLE things (id int)');
    expect(await ask(other.url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).toEqual([]);

    const left = new Client({ connectionString: one.url });
    const ended = new Promise((end) => left.once('end', end));
    left.on('error', () => undefined);
    await left.connect();
    await Promise.all([one.drop(), other.drop(), ended]);
    await expect(ask(one.url, 'SELECT 1')).rejects.toThrow('does not exist');
  });
});
