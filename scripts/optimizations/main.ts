// `npm run verify:optimizations`: MIPROv2 and GEPA through the whole platform, on a model that answers better to a better
// instruction and has one among those that it proposes; and again while worker, service and NATS are killed, with one winner.
import type { Suite } from '../faults/suite/suite';
import { withSuite } from '../faults/suite/with-suite';
import { exitAfter, unlessStopped } from '../start/main-program';
import { Kills } from './kills';
import { OptimizedSuite, type Optimized, type OptimizerCase } from './optimized';
import { ParityModel } from './parity-model';

const SIZE = { workers: 2, workerConcurrency: 8, replicas: 1, gateways: 1 };
const QUICK_MS = 50;
const SLOW_MS = 200;
const NO_DEMOS = { maxBootstrappedDemos: 0, maxLabeledDemos: 0 };

const CASES: readonly OptimizerCase[] = [
  {
    optimizer: { name: 'MIPROv2', settings: { numCandidates: 5, numTrials: 16, ...NO_DEMOS } },
    warning: 'These fields will be ignored',
  },
  { optimizer: { name: 'GEPA', settings: { maxMetricCalls: 400 } }, warning: 'reflection failed' },
];

exitAfter(() => unlessStopped(run(), (faults) => (faults.length === 0 ? 0 : 1)));

async function run(): Promise<string[]> {
  const model = await ParityModel.start();
  try {
    return await withSuite(
      { name: 'optimizations', run: (suite) => optimizeAll(suite, model), isGood: (faults) => faults.length === 0 },
      { modelUrl: model.url, size: SIZE },
    );
  } finally {
    await model.stop();
  }
}

async function optimizeAll(suite: Suite, model: ParityModel): Promise<string[]> {
  const optimized = await OptimizedSuite.of(suite, model);
  const faults: string[] = [];
  for (const { delayMs, suffix, kills } of [
    { delayMs: QUICK_MS, suffix: '', kills: () => undefined },
    { delayMs: SLOW_MS, suffix: ' under kills', kills: () => new Kills(suite, say) },
  ]) {
    model.delayMs = delayMs;
    for (const one of CASES) {
      const name = `${one.optimizer.name}${suffix}`;
      const done = await optimized.run(name.toLowerCase().replaceAll(' ', '-'), one, kills());
      say(describe(name, done));
      faults.push(...done.faults.map((fault) => `${name}: ${fault}`));
    }
  }
  say(faults.length === 0 ? 'Each found the better instruction, once, and the guard says so.' : faults.join('\n'));
  return faults;
}

function describe(name: string, { outcome, seconds }: Optimized): string {
  const { optimization, trials, proposals, log } = outcome;
  const { attempt, parentScore, best, candidateVersion, calls, usage, conclusion } = optimization;
  return [
    `${name}: ${seconds.toFixed(1)} s, attempt ${attempt}, ${trials.length} trials, ${new Set(proposals).size} different proposals,`,
    `${parentScore} to ${best?.score} on validation in trial ${best?.trial}, version ${candidateVersion},`,
    `${calls} of ${outcome.answers - outcome.answersOnTest} answers for ${usage.costUsd?.toFixed(6)} USD, ${log.length} messages in its log.\n  ${conclusion}`,
  ].join(' ');
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
