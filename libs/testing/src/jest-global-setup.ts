import { startServers, type TestServers } from './servers';
import { SHARED_DATABASE_URL } from './shared-servers';

declare global {
  var dspyNestTestServers: TestServers | undefined;
}

/** Starts the Postgres that all suites of a run share. */
export default async function jestGlobalSetup(): Promise<void> {
  const servers = await startServers({ only: ['postgres'] });
  globalThis.dspyNestTestServers = servers;
  process.env[SHARED_DATABASE_URL] = servers.databaseUrl;
}
