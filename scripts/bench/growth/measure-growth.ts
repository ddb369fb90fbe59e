import { Client } from 'pg';
import { locateExecutables, startPostgres } from '@dspy-nest/embedded';
import { medianPercentiles, percentiles, type Percentiles } from '../figures/percentile';
import { runClosedLoop, type Call } from '../load/closed-loop';
import { requestText } from '../load/http-connection';
import { checkStatus, PlatformClient, readExecution } from '../platform/platform-client';
import { Suite } from '../platform/suite';
import { temporaryHome } from '../platform/temporary-home';
import type { ChildProcesses } from '../processes/child-processes';
import { cpuBetween, ProcessWatch } from '../processes/process-watch';
import { ScriptedModel } from '../series/model';
import { nextNonce, questionOf } from '../workload';
import { fillExecutions, keepOneExecution, sizeMib, someIds, timeOfOldTenth } from './execution-rows';

/** How far the table grows, and how often and how long each operation is measured at each size. */
export interface GrowthPlan {
  readonly sizes: readonly number[];
  readonly rounds: number;
  readonly measuredMs: number;
}

export const FULL_GROWTH: GrowthPlan = { sizes: [1_000, 10_000, 100_000, 1_000_000], rounds: 3, measuredMs: 1_500 };
export const QUICK_GROWTH: GrowthPlan = { sizes: [1_000, 10_000], rounds: 3, measuredMs: 400 };

/** What is measured at each size. */
export const OPERATIONS = ['execute', 'newest page', 'page of a program', 'deep page', 'read by id'] as const;
export type Operation = (typeof OPERATIONS)[number];

/** One size of the table: latencies in milliseconds of one caller. */
export interface GrowthStep {
  readonly rows: number;
  readonly sizeMib: number;
  /** Share of all cores that others used meanwhile, from 0 to 1. */
  readonly background: number;
  readonly latencyMs: Readonly<Record<Operation, Percentiles>>;
}

const PROGRAM = 'bench';
const WARM_UP_MS = 200;
const FIRST_WARM_UP_MS = 5_000;
const IDS_READ = 500;

/** Fills the table of executions step by step and measures each operation at each size; rejects on a wrong answer. */
export async function measureGrowth(
  processes: ChildProcesses,
  plan: GrowthPlan,
  say: (text: string) => void,
): Promise<GrowthStep[]> {
  say('Starting Postgres, the model and the platform …');
  const postgres = await startPostgres({ home: temporaryHome(), executables: locateExecutables(process.cwd()) });
  const database = new Client({ connectionString: postgres.url });
  try {
    const model = await ScriptedModel.start(processes);
    const suite = await Suite.start(processes, model.url, { DATABASE_URL: postgres.url });
    await database.connect();
    const client = new PlatformClient(suite.port);
    const steps = await suite.explaining(growStepByStep({ client, database, say }, plan));
    await suite.stop();
    return steps;
  } finally {
    await database.end();
    await postgres.child.stop();
  }
}

interface Grown {
  readonly client: PlatformClient;
  readonly database: Client;
  readonly say: (text: string) => void;
}

async function growStepByStep(grown: Grown, plan: GrowthPlan): Promise<GrowthStep[]> {
  const { client, database, say } = grown;
  await client.createProgram(PROGRAM);
  say('Warming up …');
  // Else the smallest table would be measured on code that is not compiled yet, and growth would look too good.
  await measure(client.port, () => execute(client.port), FIRST_WARM_UP_MS);
  const callers = await callersOf(grown);
  for (const name of OPERATIONS) await measure(client.port, callers[name], FIRST_WARM_UP_MS / OPERATIONS.length);
  await keepOneExecution(database);
  const watch = new ProcessWatch();
  // All that takes part descends from this process.
  watch.add('bench', process.pid);
  const steps: GrowthStep[] = [];
  for (const rows of plan.sizes) {
    say(`Filling up to ${rows} executions …`);
    await fillExecutions(database, PROGRAM, rows);
    const before = watch.sample();
    const latencyMs = await measureAll(grown, plan);
    const { background } = cpuBetween(before, watch.sample());
    steps.push({ rows, sizeMib: await sizeMib(database), background, latencyMs });
  }
  return steps;
}

/** Each operation in turn, several times, so that a disturbance meets one round of all and not all rounds of one. */
async function measureAll(grown: Grown, plan: GrowthPlan): Promise<Record<Operation, Percentiles>> {
  const { port } = grown.client;
  const callers = await callersOf(grown);
  const found = Object.fromEntries(OPERATIONS.map((name) => [name, [] as Percentiles[]])) as Record<
    Operation,
    Percentiles[]
  >;
  for (let round = 0; round < plan.rounds; round += 1) {
    for (const name of OPERATIONS) found[name].push(await measure(port, callers[name], plan.measuredMs));
  }
  const medians = OPERATIONS.map((name) => [name, medianPercentiles(found[name])]);
  return Object.fromEntries(medians) as Record<Operation, Percentiles>;
}

async function callersOf({ client, database }: Grown): Promise<Record<Operation, () => Call>> {
  const { port } = client;
  const list = (query: Record<string, string>) => read(port, `/v1/executions?${new URLSearchParams(query).toString()}`);
  const deep = await client.page({ limit: '1', 'filter[createdAt][lt]': await timeOfOldTenth(database) });
  const ids = await someIds(database, IDS_READ);
  const newest = list({});
  const ofProgram = list({ 'filter[program][eq]': PROGRAM });
  const fromCursor = list({ cursor: deep.nextCursor ?? '' });
  let reads = 0;
  return {
    execute: () => execute(port),
    'newest page': () => newest,
    'page of a program': () => ofProgram,
    'deep page': () => fromCursor,
    'read by id': () => read(port, `/v1/executions/${ids[(reads += 1) % ids.length]}`),
  };
}

async function measure(port: number, nextCall: () => Call, measuredMs: number): Promise<Percentiles> {
  const window = { warmUpMs: WARM_UP_MS, measuredMs };
  return percentiles((await runClosedLoop({ port, concurrency: 1, nextCall }, window)).latenciesMs);
}

function read(port: number, path: string): Call {
  return { request: requestText('GET', port, path), check: (answer) => void checkStatus(answer, 200) };
}

function execute(port: number): Call {
  const nonce = nextNonce();
  const inputs = { question: questionOf(nonce) };
  return {
    request: requestText('POST', port, `/v1/programs/${PROGRAM}/executions`, { inputs }),
    check: (answer) => void readExecution(answer, nonce),
  };
}
