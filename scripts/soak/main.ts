// `npm run verify:soak`: constant load for minutes, with workers that are replaced meanwhile; memory, open files, jobs that
// nobody acknowledged and connections must stay as they are. A leak that a short test cannot see ends a service within days.
import { parseArgs } from 'node:util';
import { Random } from '../faults/load/random';
import { type Outcome, play } from '../faults/play';
import { describeOutcome } from '../faults/report';
import { startNonceModel } from '../faults/suite/nonce-model';
import { withSuite, type SuiteWork } from '../faults/suite/with-suite';
import { exitAfter, unlessStopped } from '../start/main-program';
import { DEBUGGER_OPTION } from './garbage-collection';
import { soak, type SoakPlan } from './soak';
import { describeTrends } from './soak-report';

const SIZE = { workers: 2, workerConcurrency: 16, replicas: 2, gateways: 1 };
const PACE = { leastMs: 50, mostMs: 150 };
const SAMPLE_EVERY_MS = 10_000;
/** A worker is replaced about every two minutes. */
const REPLACED_EVERY_S = 120;

exitAfter(() =>
  unlessStopped(run(readPlan(process.argv.slice(2))), ({ violations }) => (violations.length === 0 ? 0 : 1)),
);

function readPlan(given: string[]): SoakPlan {
  const options = { minutes: { type: 'string', default: '20' }, rate: { type: 'string', default: '40' } } as const;
  const { values } = parseArgs({ args: given, options });
  const [minutes, perSecond] = [Number(values.minutes), Number(values.rate)];
  if (minutes > 0 && perSecond > 0) return { minutes, perSecond, sampleEveryMs: SAMPLE_EVERY_MS };
  throw new RangeError('--minutes and --rate (executions a second) must be numbers greater than 0.');
}

async function run(plan: SoakPlan): Promise<Outcome> {
  const random = new Random(1);
  const model = await startNonceModel(random, PACE);
  const executionsPerWorker = Math.ceil((plan.perSecond / SIZE.workers) * REPLACED_EVERY_S);
  const env = { DSPY_NEST_WORKER_MAX_EXECUTIONS: String(executionsPerWorker) };
  const scenario = soak(plan, (trends) => process.stdout.write(`\n${describeTrends(trends)}\n\n`));
  const work: SuiteWork<Outcome> = {
    name: 'soak',
    run: (suite) => play(scenario, scenario.full, { suite, model, random, say: sayNow }),
    isGood: ({ violations }) => violations.length === 0,
  };
  try {
    const outcome = await withSuite(work, { modelUrl: model.url, size: SIZE, env, nodeOptions: DEBUGGER_OPTION });
    process.stdout.write(`${describeOutcome(outcome)}\n`);
    return outcome;
  } finally {
    await model.stop();
  }
}

function sayNow(text: string): void {
  process.stderr.write(`${text}\n`);
}
