import { setTimeout as pause } from 'node:timers/promises';
import { BenchAnswerError } from '../bench.errors';
import { HttpConnection } from './http-connection';
import type { HttpMessage } from './http-messages';

/** Longer than the platform allows an execution. */
const ANSWER_TIMEOUT_MS = 90_000;

/** One call: what is sent, and the check of the answer, which throws BenchAnswerError when it is not the right one. */
export interface Call {
  readonly request: string;
  readonly check: (answer: HttpMessage) => void;
}

/** How long to call before, and while, it is measured; `onOpen` and `onClose` are called at the ends of the measured time. */
export interface Window {
  readonly warmUpMs: number;
  readonly measuredMs: number;
  readonly onOpen?: () => void;
  readonly onClose?: () => void;
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
  const state: State = { isOpen: false, over: new AbortController(), drained: new AbortController(), latenciesMs: [] };
  try {
    const callers = Promise.all(connections.map((connection) => callUntilOver(connection, nextCall, state)));
    const measured = measure(state, window);
    // A caller that fails ends the run at once, not at the end of the window.
    await Promise.race([measured, callers]);
    const elapsedMs = await measured;
    await Promise.race([callers, failAfter(ANSWER_TIMEOUT_MS, state.drained.signal)]);
    return { latenciesMs: state.latenciesMs, elapsedMs };
  } finally {
    state.over.abort();
    state.drained.abort();
    for (const connection of connections) connection.close();
  }
}

interface State {
  isOpen: boolean;
  readonly over: AbortController;
  readonly drained: AbortController;
  readonly latenciesMs: number[];
}

async function failAfter(timeoutMs: number, signal: AbortSignal): Promise<never> {
  await pause(timeoutMs, undefined, { signal });
  throw new BenchAnswerError(`A call was not answered within ${timeoutMs / 1000} s.`);
}

async function callUntilOver(connection: HttpConnection, nextCall: () => Call, state: State): Promise<void> {
  while (!state.over.signal.aborted) {
    const { request, check } = nextCall();
    const startedAtMs = performance.now();
    const answer = await connection.exchange(request);
    const latencyMs = performance.now() - startedAtMs;
    check(answer);
    if (state.isOpen) state.latenciesMs.push(latencyMs);
  }
}

async function measure(state: State, { warmUpMs, measuredMs, onOpen, onClose }: Window): Promise<number> {
  const { signal } = state.over;
  await pause(warmUpMs, undefined, { signal });
  onOpen?.();
  state.isOpen = true;
  const startedAtMs = performance.now();
  await pause(measuredMs, undefined, { signal });
  state.isOpen = false;
  const elapsedMs = performance.now() - startedAtMs;
  onClose?.();
  state.over.abort();
  return elapsedMs;
}
