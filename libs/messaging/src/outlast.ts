import { setTimeout as pause } from 'node:timers/promises';
import { errors } from '@nats-io/transport-node';
import { ConnectionLostError, type Nats } from './nats';

/** A server that restarts is back sooner; who asks should not wait longer for one that is gone. */
const AWAY_MS = 5_000;
/** Others that lost the connection with us are back this soon after us. */
const SETTLING_MS = 3_000;
const PAUSE_MS = 100;

/**
 * Asks, and asks again when the connection was lost in the middle or nobody is back yet to answer: for what may be done twice.
 * The client drops what it could not send while the server was away, so an unasked question would only ever time out.
 *
 * @param patienceMs from the first question to the last answer
 * @throws ConnectionLostError when NATS stays away for 5 s; else whatever `ask` rejects with
 */
export async function outlast<T>(nats: Nats, patienceMs: number, ask: (leftMs: number) => Promise<T>): Promise<T> {
  const deadline = performance.now() + patienceMs;
  const leftMs = (): number => Math.max(1, deadline - performance.now());
  for (;;) {
    await nats.untilConnected(Math.min(leftMs(), AWAY_MS));
    try {
      return await nats.unlessLost(ask(leftMs()));
    } catch (error) {
      const isWorthAsking =
        error instanceof ConnectionLostError || (isNobodyThere(error) && nats.backForMs() < SETTLING_MS);
      if (!isWorthAsking || performance.now() >= deadline) throw error;
    }
    await pause(PAUSE_MS);
  }
}

// JetStream says it by an error of its own, whose cause it is.
function isNobodyThere(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (error instanceof errors.RequestError && error.isNoResponders()) || isNobodyThere(error.cause);
}
