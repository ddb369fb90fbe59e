// `npm run verify:soak`: constant load for minutes, with workers that are replaced meanwhile; memory, open files, jobs that
// nobody acknowledged and connections must stay as they are. A leak that a short test cannot see ends a service within days.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Random } from '../faults/load/random';
import { type Outcome, play } from '../faults/play';
import { describeOutcome } from '../faults/report';
import { startNonceModel } from '../faults/suite/nonce-model';
import { Suite } from '../faults/suite/suite';
import { untilStopRequested } from '../start/stop-request';
import { soak, type SoakPlan } from './soak';
import { describeTrends } from './soak-report';

const STOPPED_EXIT_CODE = 130;
const SIZE = { workers: 2, workerConcurrency: 16, replicas: 2, gateways: 1 };
const PACE = { leastMs: 50, mostMs: 150 };
const SAMPLE_EVERY_MS = 10_000;
/** A worker is replaced about every two minutes. */
const REPLACED_EVERY_S = 120;

void main().then(
  (code) => process.exit(code),
  (error: Error) => {
    process.stderr.write(`\n${error.stack}\n`);
    process.exit(1);
  },
);

async function main(): Promise<number> {
  const plan = readPlan(process.argv.slice(2));
  const stopRequested = untilStopRequested(() => process.exit(STOPPED_EXIT_CODE));
  const outcome = await Promise.race([run(plan), stopRequested.then(() => undefined)]);
  if (outcome === undefined) return STOPPED_EXIT_CODE;
  return outcome.violations.length === 0 ? 0 : 1;
}

function readPlan(given: string[]): SoakPlan {
  const options = { minutes: { type: 'string', default: '20' }, rate: { type: 'string', default: '40' } } as const;
  const { values } = parseArgs({ args: given, options });
  const [minutes, perSecond] = [Number(values.minutes), Number(values.rate)];
  if (minutes > 0 && perSecond > 0) return { minutes, perSecond, sampleEveryMs: SAMPLE_EVERY_MS };
  throw new RangeError('--minutes and --rate (executions a second) must be numbers greater than 0.');
}

async function run(plan: SoakPlan): Promise<Outcome> {
  const home = mkdtempSync(join(tmpdir(), 'dspy-nest-soak-'));
  const random = new Random(1);
  const model = await startNonceModel(random, PACE);
  const executionsPerWorker = Math.ceil((plan.perSecond / SIZE.workers) * REPLACED_EVERY_S);
  const env = { DSPY_NEST_WORKER_MAX_EXECUTIONS: String(executionsPerWorker) };
  let suite: Suite | undefined;
  let outcome: Outcome | undefined;
  try {
    suite = await Suite.start({ root: process.cwd(), home, modelUrl: model.url, size: SIZE, env });
    const scenario = soak(plan, (trends) => process.stdout.write(`\n${describeTrends(trends)}\n\n`));
    outcome = await play(scenario, scenario.full, { suite, model, random, say: sayNow });
    process.stdout.write(`${describeOutcome(outcome)}\n`);
    return outcome;
  } finally {
    await suite?.stop();
    await model.stop();
    if (outcome?.violations.length === 0) rmSync(home, { recursive: true, force: true });
    else sayNow(`The logs are in ${join(home, 'logs')}`);
  }
}

function sayNow(text: string): void {
  process.stderr.write(`${text}\n`);
}
