import { type ExecutionStartedV1, SIGNALS } from '@dspy-nest/contracts';
import type { Violation } from '../judge/judge';
import type { Wish } from '../load/wish';
import type { Scenario, Stage } from '../scenario';
import { killAndStart } from '../suite/outages';

interface DeadLetter {
  readonly execution_id: string;
  readonly code: string;
}

/**
 * Executions each of whose attempts ends its worker, among others that are well: after five attempts they become failed
 * executions with a dead letter, and the others lose nothing.
 */
export const POISON: Scenario = {
  name: 'poison',
  title: 'an input that kills each worker',
  full: { faults: 2, executions: 300 },
  async run(stage, { faults, executions }) {
    const poisoned = Array.from({ length: faults }, () =>
      stage.load.send({ hang: 'silent', expected: 'failed', waits: false }),
    );
    const killing = killWhoeverTakes(stage, poisoned);
    for (let sent = 0; sent < executions; sent += 1) {
      stage.load.send();
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await stage.load.settled();
    killing.stop();
    return missingDeadLetters(stage, poisoned);
  },
};

/** Kills the very worker that says that it has begun with one of the executions, as often as one says so. */
function killWhoeverTakes({ suite, say }: Stage, wishes: readonly Wish[]): { stop: () => void } {
  const subscription = suite.nats.subscribe(SIGNALS.executionStarted, {
    callback: (_error, message) => {
      const { executionId, worker, attempt } = message.json<ExecutionStartedV1>();
      if (!wishes.some(({ accepted }) => accepted.has(executionId))) return;
      const child = suite.members('worker').find(({ pid }) => worker.split('-').includes(String(pid)));
      if (child === undefined) return;
      say(`attempt ${attempt} of ${executionId}: killing ${child.name}`);
      void killAndStart(child);
    },
  });
  return { stop: () => subscription.unsubscribe() };
}

async function missingDeadLetters({ suite, program }: Stage, poisoned: readonly Wish[]): Promise<Violation[]> {
  const letters = await suite.evidence.query<DeadLetter>(
    'SELECT execution_id, code FROM execution.dead_letters WHERE program = $1',
    [program],
  );
  return poisoned.flatMap(({ key, accepted }) => {
    const own = letters.filter(({ execution_id: id, code }) => accepted.has(id) && code === 'worker_crashed');
    if (own.length === 1) return [];
    return [{ rule: 'dead-letter', subject: key, detail: `${own.length} dead letters instead of 1` }];
  });
}
