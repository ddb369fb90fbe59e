import { SHARED_DATABASE_URL } from './shared-servers';

/** Ends what the set-up started. */
export default async function jestGlobalTeardown(): Promise<void> {
  delete process.env[SHARED_DATABASE_URL];
  await globalThis.dspyNestTestServers?.stop();
}
