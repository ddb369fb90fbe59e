import { setTimeout as pause } from 'node:timers/promises';
import { ServiceUnavailableError } from '@dspy-nest/platform';
import { errors } from '@nats-io/transport-node';
import { ConnectionLostError, type Nats } from './nats';

/** A server that restarts is back sooner; who asks should not wait longer for one that is gone. */
const AWAY_MS = 5_000;
/** Others that lost the connection with us are back this soon after us. */
const SETTLING_MS = 3_000;
const PAUSE_MS = 100;

/** How long to go on, and whether what may have arrived may be asked again. */
export interface Patience {
  /** From the first question to the last answer. */
  readonly patienceMs: number;
  readonly repeatable: boolean;
}

/**
 * Asks as soon as NATS is there, and again while those who lost the connection with us are not back yet; what is repeatable
 * also when the connection was lost before the answer. The client drops what it cannot send while the server is away, so that
 * a question of that time would only ever time out.
 *
 * @throws ConnectionLostError when NATS stays away for 5 s or went away in the middle; else whatever `ask` rejects with
 */
export async function outlast<T>(
  nats: Nats,
  { patienceMs, repeatable }: Patience,
  ask: (leftMs: number) => Promise<T>,
): Promise<T> {
  const deadline = performance.now() + patienceMs;
  const leftMs = (): number => Math.max(1, deadline - performance.now());
  for (;;) {
    await nats.untilConnected(Math.min(leftMs(), AWAY_MS));
    try {
      return await ask(leftMs());
    } catch (error) {
      // That a large message could not be left is told by an error of its own, whose cause it is.
      const reason = error instanceof ServiceUnavailableError ? error.cause : error;
      const again = reason instanceof ConnectionLostError ? repeatable : isNobodyBack(nats, reason);
      if (!again || performance.now() >= deadline) throw error;
    }
    await pause(PAUSE_MS);
  }
}

const isNobodyBack = (nats: Nats, error: unknown): boolean =>
  nats.backForMs() < SETTLING_MS && error instanceof errors.NoRespondersError;
