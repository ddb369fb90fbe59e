import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PostgresAccountError } from './errors';

const NOBODY = 65534;
const NAMESPACE = ['unshare', '--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`, '--'] as const;
const REACHABLE_FOLDER = '/var/lib/dspy-nest';

/** How Postgres is run: it refuses to run as root. */
export interface PostgresAccount {
  /** Put before each command of Postgres. */
  readonly prefix: readonly string[];
  /** The account of the process when it is not the starter's. */
  readonly account?: { readonly uid: number; readonly gid: number };
  /** Postgres' programs where that account can run them. */
  readonly native: string;
  /** The folder below which that account keeps the data. */
  readonly folder: string;
}

/**
 * An ordinary user runs Postgres as itself. Root runs it in a user namespace of its own, where root is `nobody`: files stay
 * root's, no user is made, and folders above that others cannot enter do not matter. Where namespaces are forbidden root
 * runs it as `postgres` or `nobody`, from a copy of programs and data in a folder that this account can enter.
 */
export function choosePostgresAccount(native: string, folder: string): PostgresAccount {
  if (process.getuid?.() !== 0) return { prefix: [], native, folder };
  const namespace = spawnSync(NAMESPACE[0], [...NAMESPACE.slice(1), 'id', '-un']);
  if (namespace.status === 0) return { prefix: NAMESPACE, native, folder };
  return asOtherUser(native, folder);
}

function asOtherUser(native: string, folder: string): PostgresAccount {
  const account = unprivilegedAccount();
  mkdirSync(folder, { recursive: true });
  const canRun = (command: string, ...args: string[]) =>
    spawnSync(command, args, { ...account, cwd: '/' }).status === 0;
  return {
    prefix: [],
    account,
    native: canRun(join(native, 'bin', 'initdb'), '--version') ? native : reachableCopy(native),
    folder: canRun('test', '-x', folder) ? folder : reachableFolder(`data-${shortHash(folder)}`),
  };
}

function unprivilegedAccount(): { uid: number; gid: number } {
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const found = accounts.find(([name]) => name === 'postgres') ?? accounts.find(([, , uid]) => uid === String(NOBODY));
  if (found === undefined) {
    throw new PostgresAccountError(
      'Postgres cannot run as root, user namespaces are not allowed here and there is no account `postgres` or `nobody`. ' +
        'Run as an ordinary user, or point DATABASE_URL at a Postgres server.',
    );
  }
  return { uid: Number(found[2]), gid: Number(found[3]) };
}

function reachableCopy(native: string): string {
  const size = statSync(join(native, 'bin', 'postgres'));
  const copy = reachableFolder(`postgres-${shortHash(`${size.size} ${size.mtimeMs}`)}`);
  const target = join(copy, 'native');
  if (existsSync(target)) return target;
  const unfinished = join(copy, `native.${process.pid}`);
  cpSync(native, unfinished, { recursive: true, verbatimSymlinks: true });
  rmSync(target, { recursive: true, force: true });
  renameSync(unfinished, target);
  return target;
}

function reachableFolder(name: string): string {
  const folder = join(REACHABLE_FOLDER, name);
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  return folder;
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
