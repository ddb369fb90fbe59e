// `npm run verify:datasets`: a million rows into a stratified dataset, out again and in again, while memory must not grow; an import during
// which the registry is killed; and 10 MB of CSV that was made to break readers of it. Without it "streamed" is a belief.
import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { EXAMPLE_SPLITS, type DatasetV1 } from '@dspy-nest/contracts';
import { MemorySeries, type MemoryTrend } from '../batches/memory-series';
import { Random } from '../faults/load/random';
import { startNonceModel } from '../faults/suite/nonce-model';
import { killAndStart } from '../faults/suite/outages';
import type { Suite } from '../faults/suite/suite';
import { withSuite } from '../faults/suite/with-suite';
import { exitAfter, unlessStopped } from '../start/main-program';
import { DatasetClient } from './dataset-client';
import { expectedOf, ROWS_SIGNATURE, rowsAsCsv, type ExpectedReport } from './dataset-rows';
import { hostileCsv } from './hostile-csv';

const SIZE = { workers: 1, workerConcurrency: 1, replicas: 1, gateways: 1 };
const KINDS = ['gateway', 'registry'] as const;
const LOOK_MS = 500;
const KILL_AFTER_MS = 2_000;
const SPLITS = { seed: 1, validation: 0.15, test: 0.25, stratifyBy: 'team' };
const SIGNATURE = 'VerifyDatasets';

exitAfter(() => unlessStopped(run(readPlan()), (faults) => (faults.length === 0 ? 0 : 1)));

interface Plan {
  readonly rows: number;
  /** Of the import under which the registry is killed. */
  readonly killed: number;
}

function readPlan(): Plan {
  const options = {
    rows: { type: 'string', default: '1000000' },
    killed: { type: 'string', default: '100000' },
  } as const;
  const { values } = parseArgs({ options });
  const [rows, killed] = [Number(values.rows), Number(values.killed)];
  if ([rows, killed].every((count) => Number.isInteger(count) && count > 0)) return { rows, killed };
  throw new RangeError('--rows and --killed must be whole numbers greater than 0.');
}

async function run(plan: Plan): Promise<string[]> {
  const model = await startNonceModel(new Random(1), { leastMs: 0, mostMs: 0 });
  const work = {
    name: 'datasets',
    run: (suite: Suite) => verify(plan, suite),
    isGood: (faults: string[]) => faults.length === 0,
  };
  try {
    const faults = await withSuite(work, { modelUrl: model.url, size: SIZE });
    say(faults.length === 0 ? 'Each row is there once, and memory is flat.' : faults.join('\n'));
    return faults;
  } finally {
    await model.stop();
  }
}

async function verify({ rows, killed }: Plan, suite: Suite): Promise<string[]> {
  const client = new DatasetClient(suite.gatewayUrls[0] ?? '');
  await client.make(
    SIGNATURE,
    ROWS_SIGNATURE,
    { name: 'large', splits: SPLITS },
    ...['again', 'killed', 'hostile'].map((name) => ({ name })),
  );
  const memory = new MemorySeries(suite, KINDS);
  const sampling = setInterval(() => memory.take(), LOOK_MS);
  try {
    const large = await imported(client, 'large', rows);
    const trends = memory.trends();
    for (const trend of trends) say(describeTrend(trend));
    const growth = trends.filter(({ isFlat }) => !isFlat).map(({ kind }) => `The memory of ${kind} grows.`);
    return [
      ...large,
      ...unfair(await client.read('large')),
      ...growth,
      ...(await roundTrip(client, rows)),
      ...(await underKill(client, suite, killed)),
      ...(await hostile(client, suite)),
    ];
  } finally {
    clearInterval(sampling);
  }
}

async function imported(client: DatasetClient, name: string, rows: number): Promise<string[]> {
  const beganAt = performance.now();
  const { report, examples } = await client.import(name, rowsAsCsv(rows));
  const seconds = (performance.now() - beganAt) / 1_000;
  say(`${rows} rows imported in ${seconds.toFixed(1)} s, ${Math.round(rows / seconds)} a second`);
  return [
    ...differences(name, report, expectedOf(rows)),
    ...differences(name, { added: examples.total }, expectedOf(rows)),
  ];
}

/** In a stratified dataset no split is a whole example off its share of a stratum. */
function unfair({ strata }: DatasetV1): string[] {
  const shares = { train: 1 - SPLITS.validation - SPLITS.test, validation: SPLITS.validation, test: SPLITS.test };
  return (strata ?? []).flatMap((counts) =>
    EXAMPLE_SPLITS.filter((split) => Math.abs(counts[split] - shares[split] * counts.total) >= 1).map(
      (split) => `Of ${counts.total} examples of "${String(counts.value)}" ${split} has ${counts[split]}.`,
    ),
  );
}

/** What was written out is the same when it is read in. */
async function roundTrip(client: DatasetClient, rows: number): Promise<string[]> {
  const beganAt = performance.now();
  const file = Readable.fromWeb((await client.export('large', 'jsonl')) as Parameters<typeof Readable.fromWeb>[0]);
  const { hash } = await client.import('again', file, 'application/x-ndjson');
  say(`exported and imported again in ${((performance.now() - beganAt) / 1_000).toFixed(1)} s`);
  const { hash: first } = await client.read('large');
  return hash === first ? [] : [`Of ${rows} rows other ones came back: ${hash}, not ${first}.`];
}

async function underKill(client: DatasetClient, suite: Suite, rows: number): Promise<string[]> {
  const importing = imported(client, 'killed', rows);
  const killing = pause(KILL_AFTER_MS).then(() => killAndStart(suite.members('registry')[0]!));
  const [faults] = await Promise.all([importing, killing]);
  say('  while the registry was killed');
  return faults;
}

async function hostile(client: DatasetClient, suite: Suite): Promise<string[]> {
  const { bytes, good } = hostileCsv();
  const before = suite.members('gateway').map(({ pid }) => pid);
  const beganAt = performance.now();
  const { report } = await client.import('hostile', Readable.from([bytes], { objectMode: false }));
  const { received, added, invalid, errors } = report;
  say(
    `${(bytes.length / 1e6).toFixed(0)} MB of ill will: ${received} rows, ${added} good, ${invalid} errors, ${((performance.now() - beganAt) / 1_000).toFixed(1)} s`,
  );
  for (const { line, column, code, message } of errors.slice(0, 8))
    say(`  line ${line}: ${code} ${column ?? ''} ${message.slice(0, 90)}`);
  const after = suite.members('gateway').map(({ pid }) => pid);
  const restarted = String(before) === String(after) ? [] : ['The gateway was started anew.'];
  return [...differences('hostile', { added }, { ...expectedOf(0), added: good }), ...restarted];
}

function differences(name: string, found: Partial<ExpectedReport>, wanted: ExpectedReport): string[] {
  return (Object.keys(wanted) as (keyof ExpectedReport)[])
    .filter((member) => found[member] !== undefined && found[member] !== wanted[member])
    .map((member) => `${name}: ${member} is ${found[member]}, not ${wanted[member]}.`);
}

function describeTrend({ kind, highest, early, late, isFlat }: MemoryTrend): string {
  const [first, last, most] = [early, late, highest].map((value) => Math.round(value));
  return `memory of ${kind}: ${first} MiB early, ${last} MiB late, ${most} MiB at most: ${isFlat ? 'flat' : 'grows'}`;
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
