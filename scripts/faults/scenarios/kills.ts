import { waitUntil } from '@dspy-nest/embedded';
import { inRounds } from '../rounds';
import type { Budget, Scenario } from '../scenario';
import { killAndStart } from '../suite/outages';
import type { Suite } from '../suite/suite';

type Kind = 'worker' | 'execution' | 'gateway';

// About as long as a worker or a replica takes to come up, so that seldom all of a kind are away.
const REST_MS: Readonly<Record<Kind, number>> = { worker: 1_800, execution: 1_800, gateway: 500 };
const LISTENING_MS = 30_000;

const killing = (kind: Kind, title: string, small: Budget): Scenario => ({
  name: `kill-${kind}`,
  title,
  full: { faults: 200, executions: 5_000 },
  small,
  async run(stage, budget) {
    const { suite, random } = stage;
    await inRounds(stage, budget, REST_MS[kind], async () => {
      const victim = random.pick(suite.members(kind));
      await killAndStart(victim);
      if (kind === 'gateway') await listens(suite, suite.members(kind).indexOf(victim));
    });
    return [];
  },
});

async function listens({ gatewayUrls }: Suite, index: number): Promise<void> {
  const isUp = async (): Promise<boolean> => (await fetch(`${gatewayUrls[index]}/livez`)).ok;
  await waitUntil(isUp, { timeoutMs: LISTENING_MS });
}

/** Processes that are killed without warning while they hold work. */
export const KILLS: readonly Scenario[] = [
  killing('worker', 'kill -9 of a worker', { faults: 3, executions: 60 }),
  killing('execution', 'kill -9 of a replica of execution', { faults: 2, executions: 40 }),
  killing('gateway', 'kill -9 of a gateway', { faults: 2, executions: 40 }),
];
