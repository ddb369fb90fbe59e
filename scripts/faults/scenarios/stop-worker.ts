import { inRounds } from '../rounds';
import type { Scenario } from '../scenario';
import { suspend } from '../suite/outages';

// The queue gives a job to another worker 5 s after the last sign of life.
const SHORTEST_MS = 5_500;
const LONGEST_MS = 8_000;
const REST_MS = 1_000;

/** A worker that hangs for longer than its lease and then goes on as if nothing had been. */
export const STOP_WORKER: Scenario = {
  name: 'stop-worker',
  title: 'SIGSTOP of a worker past its lease, then SIGCONT',
  full: { faults: 20, executions: 600 },
  small: { faults: 1, executions: 40 },
  async run(stage, budget) {
    const { suite, random } = stage;
    await inRounds(stage, budget, REST_MS, () =>
      suspend(random.pick(suite.members('worker')), random.between(SHORTEST_MS, LONGEST_MS)),
    );
    return [];
  },
};
