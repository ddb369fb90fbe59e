// `npm run verify:faults`: kills, stops and puts back what the suite runs on, under load, and holds what clients were told
// against what the servers hold. Without it a promise such as "nothing accepted is lost" is a belief.
import { exitAfter, unlessStopped } from '../start/main-program';
import { parseFaultsArguments, type FaultsArguments } from './faults.arguments';
import { Random } from './load/random';
import { type Outcome, play } from './play';
import { describeOutcome, describeOutcomes } from './report';
import type { Scenario } from './scenario';
import { SCENARIOS } from './scenarios/list';
import { startNonceModel } from './suite/nonce-model';
import { withSuite, type SuiteWork } from './suite/with-suite';

const SIZE = { workers: 3, workerConcurrency: 16, replicas: 2, gateways: 2 };
const PACE = { leastMs: 50, mostMs: 150 };

exitAfter(() => {
  const names = SCENARIOS.map(({ name }) => name);
  const args = parseFaultsArguments(process.argv.slice(2), names);
  return unlessStopped(playAll(args), (outcomes) => {
    process.stdout.write(`\n${describeOutcomes(outcomes)}\n`);
    return outcomes.every(isKept) ? 0 : 1;
  });
});

const isKept = ({ violations }: Outcome): boolean => violations.length === 0;

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
  const random = new Random(seed);
  const budget = { faults: faults ?? scenario.full.faults, executions: executions ?? scenario.full.executions };
  const model = await startNonceModel(random, PACE);
  say(`${scenario.name}: ${scenario.title}; ${budget.faults} faults over ${budget.executions} executions …`);
  const work: SuiteWork<Outcome> = {
    name: scenario.name,
    run: (suite) => play(scenario, budget, { suite, model, random, say: progress }),
    isGood: isKept,
  };
  try {
    const outcome = await withSuite(work, { modelUrl: model.url, size: SIZE });
    process.stdout.write(`${describeOutcome(outcome)}\n`);
    return outcome;
  } finally {
    await model.stop();
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
