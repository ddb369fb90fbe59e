import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

/** An empty database of the caller's own. */
export interface TestDatabase {
  readonly url: string;
  /** Removes it, also while connections are open. */
  drop(): Promise<void>;
}

/** Makes a fresh database on a server whose user may do so. */
export async function createDatabase(servers: { readonly databaseUrl: string }): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await runOn(servers.databaseUrl, `CREATE DATABASE ${name}`);
  const url = new URL(servers.databaseUrl);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => runOn(servers.databaseUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

async function runOn(databaseUrl: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
