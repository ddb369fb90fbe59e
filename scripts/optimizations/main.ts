// `npm run verify:optimizations`: MIPROv2 and GEPA through the whole platform, on a model that answers better to a better
// instruction and has one among those that it proposes.
import { parseArgs } from 'node:util';
import type { Suite } from '../faults/suite/suite';
import { withSuite } from '../faults/suite/with-suite';
import { exitAfter, unlessStopped } from '../start/main-program';
import { OptimizedSuite, type Optimized, type OptimizerCase } from './optimized';
import { ParityModel } from './parity-model';

const SIZE = { workers: 2, workerConcurrency: 8, replicas: 1, gateways: 1 };
const NO_DEMOS = { maxBootstrappedDemos: 0, maxLabeledDemos: 0 };

const CASES: readonly OptimizerCase[] = [
  {
    optimizer: { name: 'MIPROv2', settings: { numCandidates: 5, numTrials: 8, ...NO_DEMOS } },
    warning: 'These fields will be ignored',
  },
  { optimizer: { name: 'GEPA', settings: { maxMetricCalls: 200 } }, warning: 'reflection failed' },
];

exitAfter(() => unlessStopped(run(readDelay()), (faults) => (faults.length === 0 ? 0 : 1)));

/** How long the model takes for an answer, in milliseconds. */
function readDelay(): number {
  const { values } = parseArgs({ options: { 'delay-ms': { type: 'string', default: '50' } } });
  const delayMs = Number(values['delay-ms']);
  if (Number.isInteger(delayMs) && delayMs >= 0) return delayMs;
  throw new RangeError('--delay-ms must be a whole number from 0.');
}

async function run(delayMs: number): Promise<string[]> {
  const model = await ParityModel.start(delayMs);
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
  for (const one of CASES) {
    const { name } = one.optimizer;
    const done = await optimized.run(`parity-${name.toLowerCase()}`, one);
    say(describe(name, done));
    faults.push(...done.faults.map((fault) => `${name}: ${fault}`));
  }
  say(faults.length === 0 ? 'Each found the better instruction, and the guard says so.' : faults.join('\n'));
  return faults;
}

function describe(name: string, { outcome, seconds }: Optimized): string {
  const { optimization, trials, proposals, log } = outcome;
  const { parentScore, best, candidateVersion, calls, usage, conclusion } = optimization;
  return [
    `${name}: ${seconds.toFixed(1)} s, ${trials.length} trials, ${new Set(proposals).size} different proposals,`,
    `${parentScore} to ${best?.score} on validation in trial ${best?.trial}, version ${candidateVersion},`,
    `${calls} answers for ${usage.costUsd?.toFixed(6)} USD, ${log.length} messages in its log.\n  ${conclusion}`,
  ].join(' ');
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
