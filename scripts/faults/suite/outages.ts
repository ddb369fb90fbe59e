import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isAlive, processIdentity, type SupervisedChild, waitUntil } from '@dspy-nest/embedded';

const SHUT_DOWN_MS = 20_000;
const START_ATTEMPTS = 20;
const START_PAUSE_MS = 500;

/** Ends a process as a power cut would and starts it again after `awayMs`. */
export async function killAndStart(child: SupervisedChild, awayMs = 0): Promise<void> {
  await child.kill();
  await pause(awayMs);
  await startAgain(child);
}

/** Has Postgres drop everything at once (its "immediate shutdown") and starts it again after `awayMs`. */
export async function stopAtOnceAndStart(postgres: SupervisedChild, awayMs: number): Promise<void> {
  const { pid } = postgres;
  const identity = pid === undefined ? undefined : processIdentity(pid);
  if (pid !== undefined && identity !== undefined) {
    process.kill(pid, 'SIGQUIT');
    await waitUntil(() => !isAlive(identity), { timeoutMs: SHUT_DOWN_MS });
  }
  await killAndStart(postgres, awayMs);
}

/** Stops a process so that it neither works nor dies, and lets it go on after `ms`. */
export async function suspend(child: SupervisedChild, ms: number): Promise<void> {
  const { pid } = child;
  if (pid === undefined) return;
  process.kill(pid, 'SIGSTOP');
  await pause(ms);
  if (child.pid === pid) process.kill(pid, 'SIGCONT');
}

/** The store of NATS as it is now, to be put back later. */
export async function copyStore(home: string, nats: SupervisedChild): Promise<string> {
  const copy = join(home, 'nats', 'copy');
  await nats.stop();
  rmSync(copy, { recursive: true, force: true });
  cpSync(storeOf(home), copy, { recursive: true });
  await startAgain(nats);
  return copy;
}

/** Stops NATS, puts an older copy of its store back and starts it. */
export async function putBackStore(home: string, nats: SupervisedChild, copy: string): Promise<void> {
  await nats.kill();
  rmSync(storeOf(home), { recursive: true, force: true });
  cpSync(copy, storeOf(home), { recursive: true });
  await startAgain(nats);
}

const storeOf = (home: string): string => join(home, 'nats', 'jetstream');

// A server that was killed may leave shared memory or a port behind for a moment.
async function startAgain(child: SupervisedChild): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await child.start();
      return;
    } catch (error) {
      if (attempt === START_ATTEMPTS) throw error;
      await pause(START_PAUSE_MS);
    }
  }
}
