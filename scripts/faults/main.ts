// `npm run verify:faults`: kills, stops and puts back what the suite runs on, under load, and holds what clients were told
// against what the servers hold. Without it a promise such as "nothing accepted is lost" is a belief.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { untilStopRequested } from '../start/stop-request';
import { parseFaultsArguments, type FaultsArguments } from './faults.arguments';
import { Random } from './load/random';
import { type Outcome, play } from './play';
import { describeOutcome, describeOutcomes } from './report';
import type { Scenario } from './scenario';
import { SCENARIOS } from './scenarios/list';
import { startNonceModel } from './suite/nonce-model';
import { Suite } from './suite/suite';

const STOPPED_EXIT_CODE = 130;
const SIZE = { workers: 3, workerConcurrency: 16, replicas: 2, gateways: 2 };
const PACE = { leastMs: 50, mostMs: 150 };

void main().then(
  (code) => process.exit(code),
  (error: Error & { code?: string }) => {
    process.stderr.write(`\n${error.code === 'arguments_invalid' ? error.message : error.stack}\n`);
    process.exit(1);
  },
);

async function main(): Promise<number> {
  const names = SCENARIOS.map(({ name }) => name);
  const args = parseFaultsArguments(process.argv.slice(2), names);
  const stopRequested = untilStopRequested(() => process.exit(STOPPED_EXIT_CODE));
  const outcomes = await Promise.race([playAll(args), stopRequested.then(() => undefined)]);
  if (outcomes === undefined) return STOPPED_EXIT_CODE;
  process.stdout.write(`\n${describeOutcomes(outcomes)}\n`);
  return outcomes.every(({ violations }) => violations.length === 0) ? 0 : 1;
}

async function playAll(args: FaultsArguments): Promise<Outcome[]> {
  say(`Seed ${args.seed}`);
  const outcomes: Outcome[] = [];
  for (const scenario of SCENARIOS) {
    if (args.scenarios.length > 0 && !args.scenarios.includes(scenario.name)) continue;
    outcomes.push(await playOne(scenario, args));
  }
  return outcomes;
}

/** Each scenario has a suite of its own, so that none starts with what another left behind. */
async function playOne(scenario: Scenario, { faults, executions, seed }: FaultsArguments): Promise<Outcome> {
  const home = mkdtempSync(join(tmpdir(), `dspy-nest-${scenario.name}-`));
  const random = new Random(seed);
  const budget = { faults: faults ?? scenario.full.faults, executions: executions ?? scenario.full.executions };
  const model = await startNonceModel(random, PACE);
  say(`${scenario.name}: ${scenario.title}; ${budget.faults} faults over ${budget.executions} executions …`);
  let suite: Suite | undefined;
  let outcome: Outcome | undefined;
  try {
    suite = await Suite.start({ root: process.cwd(), home, modelUrl: model.url, size: SIZE });
    outcome = await play(scenario, budget, { suite, model, random, say: progress });
    process.stdout.write(`${describeOutcome(outcome)}\n`);
    return outcome;
  } finally {
    await suite?.stop();
    await model.stop();
    if (outcome?.violations.length === 0) rmSync(home, { recursive: true, force: true });
    else say(`The logs are in ${join(home, 'logs')}`);
  }
}

let saidAtMs = 0;

function progress(text: string): void {
  if (Date.now() - saidAtMs < 5_000) return;
  saidAtMs = Date.now();
  say(`  ${text}`);
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
