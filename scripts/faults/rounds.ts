import { setTimeout as pause } from 'node:timers/promises';
import type { Budget, Stage } from './scenario';

const BURST_MS = 400;
const MOST_OPEN = 400;
const LOOK_MS = 100;

/** One fault; `round` counts from 0. */
export type Fault = (round: number) => Promise<void>;

/**
 * Does a fault again and again under load. Each round sends its share of the executions in a burst and does the fault
 * somewhere in it, so that it meets work in hand; a round does not wait for the executions of the round before.
 */
export async function inRounds(
  { load, random, say }: Stage,
  budget: Budget,
  restMs: number,
  fault: Fault,
): Promise<void> {
  const share = budget.executions / budget.faults;
  for (let round = 0; round < budget.faults; round += 1) {
    while (load.open > MOST_OPEN) await pause(LOOK_MS);
    const inBurst = Math.round(share * (round + 1)) - Math.round(share * round);
    const burst = sendBurst(load, inBurst);
    await pause(random.between(0, BURST_MS));
    await Promise.all([fault(round), burst]);
    say(`${round + 1}/${budget.faults} faults, ${load.wishes.length} executions, ${load.open} open`);
    await pause(random.between(restMs / 2, restMs * 1.5));
  }
}

async function sendBurst(load: Stage['load'], count: number): Promise<void> {
  for (let sent = 0; sent < count; sent += 1) {
    load.send();
    await pause(BURST_MS / count);
  }
}
