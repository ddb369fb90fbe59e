// `npm run verify:schemas`: how soon a registered program is typed, what a thousand of them cost executions and memory, and
// whether anything that runs or is subscribed notices that the schema changes. A schema that swaps well in a test with three
// programs may stop every process for a second with a thousand.
import { dspyAnswer, ScriptedModelServer } from '@dspy-nest/testing';
import type { Suite } from '../faults/suite/suite';
import { withSuite } from '../faults/suite/with-suite';
import { DEBUGGER_OPTION } from '../soak/garbage-collection';
import { exitAfter, unlessStopped } from '../start/main-program';
import { ANSWER } from './api';
import { measureStep } from './measure';
import { schemasReport, verdictsOf } from './schemas-report';
import { swapUnderLoad } from './swaps';

const SIZE = { workers: 1, workerConcurrency: 64, replicas: 1, gateways: 2 };
const FEW = { programs: 10, registrations: 9, executions: 400 };
const MANY = { programs: 1_000, registrations: 50, executions: 400 };
const SWAPS = { swaps: 100, perSecond: 50, subscriptions: 20 };

exitAfter(() => unlessStopped(run(), (isKept) => (isKept ? 0 : 1)));

async function run(): Promise<boolean> {
  const model = await ScriptedModelServer.start({ recordLimit: 0 });
  model.reply(dspyAnswer(ANSWER));
  const work = { name: 'schemas', run: measure, isGood: (isKept: boolean) => isKept };
  try {
    return await withSuite(work, { modelUrl: model.url, size: SIZE, nodeOptions: DEBUGGER_OPTION });
  } finally {
    await model.stop();
  }
}

async function measure(suite: Suite): Promise<boolean> {
  say(`${FEW.programs} programs …`);
  const few = await measureStep(suite, 0, FEW);
  say(`${MANY.programs} programs …`);
  const many = await measureStep(suite, FEW.programs, MANY);
  say(`${SWAPS.swaps} swaps under ${SWAPS.perSecond} requests a second and ${SWAPS.subscriptions} subscriptions …`);
  const swaps = await swapUnderLoad(suite.gatewayUrls, SWAPS);
  const verdicts = verdictsOf(few, many, swaps);
  process.stdout.write(`${schemasReport([few, many], verdicts, swaps)}\n`);
  return verdicts.every(({ isKept }) => isKept);
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
