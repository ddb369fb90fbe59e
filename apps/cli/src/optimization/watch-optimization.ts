import { setTimeout as pause } from 'node:timers/promises';
import { CommandError, exitCodes } from '../command.errors';
import { post, readOne, type Server } from '../server/server';
import { untilSignal } from '../signals';
import type { Interruption } from './interruption';
import { whyNotEnded, type Optimization } from './optimization';

export const OPTIMIZATIONS_PATH = '/v1/optimizations';
const VERBS = { stop: 'stop', abort: 'cancel' };
const LOOK_EVERY_MS = 500;
/** As long as a server may be away that is started anew. */
const OUTAGE_MS = 60_000;

/** How an optimisation is watched. */
export interface Watching {
  readonly tell: (optimization: Optimization) => void;
  /** What is to become of it, asked when a signal comes. */
  readonly ask: () => Promise<Interruption | undefined>;
  readonly say: (text: string) => void;
}

/** Watches an optimisation to its end, or until it is detached. Throws CommandError when it was cancelled or has failed. */
export async function watchOptimization(server: Server, id: string, watching: Watching): Promise<Optimization> {
  for (;;) {
    const found = await untilSignal((stop) => lookUntil(server, id, watching, stop));
    if (found.finishedAt !== null) return ended(found);
    const wish = await watching.ask();
    if (wish === 'detach') return found;
    if (wish !== undefined) await endIfItCan(server, id, wish, watching);
  }
}

/** Asks for an end, which may come too late: the optimisation goes on while its owner is asked. Then it is said why. */
async function endIfItCan(server: Server, id: string, wish: keyof typeof VERBS, { say }: Watching): Promise<void> {
  const path = `${OPTIMIZATIONS_PATH}/${id}`;
  try {
    await post(server, `${path}/${VERBS[wish]}`);
  } catch (error) {
    const why = whyNotEnded(await readPatiently(server, path));
    if (why === undefined) throw error;
    say(why);
  }
}

function ended(found: Optimization): Optimization {
  if (found.status === 'completed') return found;
  const reason = found.error === null ? '' : ` ${found.error.code}: ${found.error.message}`;
  throw new CommandError(exitCodes.failed, `Optimisation ${found.id} is ${found.status}.${reason}`);
}

/** Looks until the optimisation has ended or a signal comes. */
async function lookUntil(server: Server, id: string, { tell }: Watching, stop: AbortSignal): Promise<Optimization> {
  for (;;) {
    const found = await readPatiently(server, `${OPTIMIZATIONS_PATH}/${id}`);
    tell(found);
    if (found.finishedAt !== null || stop.aborted) return found;
    await pause(LOOK_EVERY_MS, undefined, { signal: stop }).catch(() => undefined);
    if (stop.aborted) return found;
  }
}

/** Reads an optimisation from a server that may be away for a while. */
async function readPatiently(server: Server, path: string): Promise<Optimization> {
  for (const beganAt = Date.now(); ;) {
    try {
      return await readOne<Optimization>(server, path);
    } catch (error) {
      if (Date.now() - beganAt > OUTAGE_MS) throw error;
    }
    await pause(LOOK_EVERY_MS);
  }
}
