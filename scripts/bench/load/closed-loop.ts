import { setTimeout as pause } from 'node:timers/promises';
import { HttpConnection } from './http-connection';
import type { HttpMessage } from './http-messages';

/** One call: what is sent, and the check of the answer, which throws BenchAnswerError when it is not the right one. */
export interface Call {
  readonly request: string;
  readonly check: (answer: HttpMessage) => void;
}

/** How long to measure; `onOpen` and `onClose` are called at the ends of the measured time. */
export interface Window {
  readonly warmUpMs: number;
  readonly measuredMs: number;
  readonly onOpen: () => void;
  readonly onClose: () => void;
}

/** The latencies in milliseconds of all calls that ended within the window, and how long that really was. */
export interface LoadResult {
  readonly latenciesMs: readonly number[];
  readonly elapsedMs: number;
}

/**
 * As many callers as `concurrency`, each on a connection of its own, each sending its next call when the last was answered.
 * Every answer is checked, also outside of the window. Rejects with the first failure.
 */
export async function runClosedLoop(
  { port, concurrency, nextCall }: { port: number; concurrency: number; nextCall: () => Call },
  window: Window,
): Promise<LoadResult> {
  const connections = await Promise.all(Array.from({ length: concurrency }, () => HttpConnection.open(port)));
  const state = { isOpen: false, isOver: false, latenciesMs: [] as number[] };
  try {
    const callers = Promise.all(connections.map((connection) => callUntilOver(connection, nextCall, state)));
    const measured = measure(state, window);
    // A caller that fails ends the run at once, not at the end of the window.
    await Promise.race([measured, callers]);
    const elapsedMs = await measured;
    await callers;
    return { latenciesMs: state.latenciesMs, elapsedMs };
  } finally {
    state.isOver = true;
    for (const connection of connections) connection.close();
  }
}

interface State {
  isOpen: boolean;
  isOver: boolean;
  readonly latenciesMs: number[];
}

async function callUntilOver(connection: HttpConnection, nextCall: () => Call, state: State): Promise<void> {
  while (!state.isOver) {
    const { request, check } = nextCall();
    const startedAtMs = performance.now();
    const answer = await connection.exchange(request);
    const latencyMs = performance.now() - startedAtMs;
    check(answer);
    if (state.isOpen) state.latenciesMs.push(latencyMs);
  }
}

async function measure(state: State, { warmUpMs, measuredMs, onOpen, onClose }: Window): Promise<number> {
  await pause(warmUpMs);
  onOpen();
  state.isOpen = true;
  const startedAtMs = performance.now();
  await pause(measuredMs);
  state.isOpen = false;
  const elapsedMs = performance.now() - startedAtMs;
  onClose();
  state.isOver = true;
  return elapsedMs;
}
