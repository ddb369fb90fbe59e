import { setTimeout as pause } from 'node:timers/promises';
import type { Scenario } from '../scenario';

const CLIENTS = 50;
const MOST_OPEN = 200;
const LOOK_MS = 20;

/** Many clients that ask for the same thing at once: `executions` keys, each asked for by 50 of them. */
export const SAME_KEY: Scenario = {
  name: 'same-key',
  title: `${CLIENTS} equal requests at once with one key`,
  full: { faults: 0, executions: 200 },
  small: { faults: 0, executions: 8 },
  async run({ load, say }, { executions }) {
    for (let sent = 0; sent < executions; sent += 1) {
      while (load.open > MOST_OPEN) await pause(LOOK_MS);
      load.send({ clients: CLIENTS });
      say(`${sent + 1}/${executions} keys`);
    }
    return [];
  },
};
