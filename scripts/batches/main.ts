// `npm run verify:batches`: a batch of 100,000 rows, one in a hundred of which fails, while processes and servers are killed.
// Each row must have exactly one result, and memory must not grow: without it "resume after any crash" is a belief.
import { parseArgs } from 'node:util';
import { Random } from '../faults/load/random';
import { startNonceModel } from '../faults/suite/nonce-model';
import { withSuite, type SuiteWork } from '../faults/suite/with-suite';
import { exitAfter, unlessStopped } from '../start/main-program';
import { describeBatch } from './batch-report';
import { type BatchOutcome, type BatchPlan, runBatch } from './run-batch';

const SIZE = { workers: 2, workerConcurrency: 64, replicas: 2, gateways: 2 };
const PACE = { leastMs: 0, mostMs: 20 };
const REST_MS = 12_000;

exitAfter(() => unlessStopped(run(readPlan(process.argv.slice(2))), (outcome) => (isGood(outcome) ? 0 : 1)));

const isGood = ({ violations, memory }: BatchOutcome): boolean =>
  violations.length === 0 && memory.every(({ isFlat }) => isFlat);

function readPlan(given: string[]): BatchPlan & { seed: number } {
  const options = {
    rows: { type: 'string', default: '100000' },
    kills: { type: 'string', default: '30' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
  } as const;
  const { values } = parseArgs({ args: given, options });
  const [rows, kills, seed] = [Number(values.rows), Number(values.kills), Number(values.seed)];
  if (Number.isInteger(rows) && rows > 0 && Number.isInteger(kills) && kills >= 0 && Number.isInteger(seed)) {
    return { rows, kills, seed, restMs: REST_MS };
  }
  throw new RangeError('--rows must be a whole number greater than 0; --kills and --seed must be whole numbers.');
}

async function run(plan: BatchPlan & { seed: number }): Promise<BatchOutcome> {
  const random = new Random(plan.seed);
  say(`Seed ${plan.seed}: ${plan.rows} rows, at most ${plan.kills} kills …`);
  const model = await startNonceModel(random, PACE);
  const work: SuiteWork<BatchOutcome> = {
    name: 'batches',
    run: (suite) => runBatch(plan, { suite, random, say: sayNow }),
    isGood,
  };
  try {
    const outcome = await withSuite(work, { modelUrl: model.url, size: SIZE });
    process.stdout.write(`\n${describeBatch(outcome)}\n`);
    return outcome;
  } finally {
    await model.stop();
  }
}

let saidAtMs = 0;

function sayNow(text: string): void {
  if (Date.now() - saidAtMs < 5_000) return;
  saidAtMs = Date.now();
  say(`  ${text}`);
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
