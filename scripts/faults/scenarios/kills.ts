import { inRounds } from '../rounds';
import type { Scenario } from '../scenario';
import { killAndStart } from '../suite/outages';

const REST_MS = 1_800;

const killing = (kind: 'worker' | 'execution' | 'gateway', title: string, small: Scenario['small']): Scenario => ({
  name: `kill-${kind}`,
  title,
  full: { faults: 200, executions: 5_000 },
  ...(small && { small }),
  async run(stage, budget) {
    const { suite, random } = stage;
    await inRounds(stage, budget, REST_MS, () => killAndStart(random.pick(suite.members(kind))));
    return [];
  },
});

/** Processes that are killed without warning while they hold work. */
export const KILLS: readonly Scenario[] = [
  killing('worker', 'kill -9 of a worker', { faults: 3, executions: 60 }),
  killing('execution', 'kill -9 of a replica of execution', { faults: 2, executions: 40 }),
  killing('gateway', 'kill -9 of a gateway', { faults: 2, executions: 40 }),
];
