import type { OptimizationV1 } from '@dspy-nest/contracts';
import { killAndStart } from '../faults/suite/outages';
import type { Suite } from '../faults/suite/suite';

/** What is killed under an optimisation, and when. */
interface Kill {
  readonly name: string;
  isDue(seen: OptimizationV1): boolean;
  strike(seen: OptimizationV1): Promise<void>;
}

/** What to do as an optimisation stands: a kill that is due is begun. */
export class Kills {
  private readonly left: Kill[];
  private readonly say: (text: string) => void;

  /** Kills, one after the other, the worker that holds the run, the service, and NATS; and the service again under the guard. */
  constructor(suite: Suite, say: (text: string) => void) {
    this.say = say;
    const service = () => killAndStart(suite.members('optimization')[0]!);
    this.left = [
      { name: 'its worker', isDue: tried(1, 3), strike: ({ worker }) => killAndStart(holderOf(suite, worker)) },
      { name: 'the service', isDue: tried(2, 3), strike: service },
      { name: 'NATS', isDue: tried(2, 6), strike: () => killAndStart(suite.servers.nats.child) },
      { name: 'the service', isDue: ({ status }) => status === 'judging', strike: service },
    ];
  }

  /** Kills that were never due. */
  get missed(): string[] {
    return this.left.map(({ name }) => name);
  }

  /** Begins the kill that is due, if there is one. */
  at(seen: OptimizationV1): Promise<void> | undefined {
    const next = this.left[0];
    if (next === undefined || !next.isDue(seen)) return undefined;
    this.left.shift();
    this.say(
      `  kill -9 of ${next.name}, ${seen.status} in attempt ${seen.attempt} after ${seen.progress.trials} trials`,
    );
    return next.strike(seen);
  }
}

const tried =
  (attempt: number, trials: number) =>
  ({ status, attempt: now, progress }: OptimizationV1): boolean =>
    status === 'running' && now >= attempt && progress.trials >= trials;

/** The process of a worker, which has its number in its name. */
function holderOf(suite: Suite, worker: string | null): ReturnType<Suite['members']>[number] {
  const holder = suite.members('worker').find(({ pid }) => worker?.includes(`-${pid}-`));
  if (holder === undefined) throw new Error(`No worker of the suite is "${worker}".`);
  return holder;
}
