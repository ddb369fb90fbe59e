// `npm run verify:evaluations`: an evaluation of 2,000 examples while worker, service and NATS are killed, each example counted
// once; and the same examples on one worker and on two, with a model that takes 200 ms.
import { parseArgs } from 'node:util';
import type { EvaluationV1 } from '@dspy-nest/contracts';
import { Random } from '../faults/load/random';
import { startNonceModel } from '../faults/suite/nonce-model';
import { killAndStart } from '../faults/suite/outages';
import type { Suite } from '../faults/suite/suite';
import { withSuite } from '../faults/suite/with-suite';
import { exitAfter, unlessStopped } from '../start/main-program';
import { evaluated } from './evaluated';

const SEED = 7;
const MODEL_MS = 200;
const SLOTS = 8;
const SIZE = { workerConcurrency: SLOTS, replicas: 1, gateways: 1 };
const SPEED_UP_LEAST = 1.8;

exitAfter(() => unlessStopped(run(readPlan()), (faults) => (faults.length === 0 ? 0 : 1)));

interface Plan {
  readonly examples: number;
  readonly timed: number;
}

function readPlan(): Plan {
  const options = { examples: { type: 'string', default: '2000' }, timed: { type: 'string', default: '400' } } as const;
  const { values } = parseArgs({ options });
  const [examples, timed] = [Number(values.examples), Number(values.timed)];
  if ([examples, timed].every((count) => Number.isInteger(count) && count > 0)) return { examples, timed };
  throw new RangeError('--examples and --timed must be whole numbers greater than 0.');
}

async function run({ examples, timed }: Plan): Promise<string[]> {
  const model = await startNonceModel(new Random(SEED), { leastMs: MODEL_MS, mostMs: MODEL_MS });
  const onSuite = <T>(workers: number, work: (suite: Suite) => Promise<T>): Promise<T> =>
    withSuite(
      { name: 'evaluations', run: work, isGood: () => true },
      { modelUrl: model.url, size: { ...SIZE, workers } },
    );
  try {
    const killed = await onSuite(2, (suite) => evaluated(suite, examples, kills(suite)));
    const one = await onSuite(1, (suite) => evaluated(suite, timed));
    const two = await onSuite(2, (suite) => evaluated(suite, timed));
    const speedUp = one.seconds / two.seconds;
    const faults = [...killed.faults, ...one.faults, ...two.faults];
    if (speedUp < SPEED_UP_LEAST)
      faults.push(`Two workers are ${speedUp.toFixed(2)} times as fast, not ${SPEED_UP_LEAST}.`);
    say(`${examples} examples under kills: ${killed.seconds.toFixed(1)} s`);
    say(`${timed} examples at ${MODEL_MS} ms, ${SLOTS} at once in a worker: one worker ${one.seconds.toFixed(1)} s, `);
    say(`  two workers ${two.seconds.toFixed(1)} s, ${speedUp.toFixed(2)} times as fast`);
    say(faults.length === 0 ? 'Each example was counted once.' : faults.join('\n'));
    return faults;
  } finally {
    await model.stop();
  }
}

/** Kills worker, service and NATS, one after the other, each at a share of the examples. */
function kills(suite: Suite): (evaluation: EvaluationV1) => Promise<void> | undefined {
  const due = [
    { at: 0.15, name: 'worker', kill: () => killAndStart(suite.members('worker')[0]!) },
    { at: 0.4, name: 'service', kill: () => killAndStart(suite.members('optimization')[0]!) },
    { at: 0.65, name: 'NATS', kill: () => killAndStart(suite.servers.nats.child) },
  ];
  return ({ progress: { fraction } }) => {
    const next = due[0];
    if (next === undefined || fraction < next.at) return undefined;
    due.shift();
    say(`  kill -9 of ${next.name} at ${Math.round(fraction * 100)} %`);
    return next.kill();
  };
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
