// `npm run verify:conformance`: Schemathesis makes up requests from the document of a running platform, good and bad ones, and
// holds every answer to what the document promises. `npm test` does the same with fewer requests.
import { parseArgs } from 'node:util';
import { dspyAnswer, ScriptedModelServer } from '@dspy-nest/testing';
import { withSuite } from '../faults/suite/with-suite';
import { exitAfter, unlessStopped } from '../start/main-program';
import { ANSWER, registerPrograms } from './programs';
import { type Budget, type Conformance, runSchemathesis } from './run-schemathesis';

const SIZE = { workers: 1, workerConcurrency: 16, replicas: 1, gateways: 1 };
const PHASES = ['examples', 'coverage', 'fuzzing', 'stateful'] as const;

exitAfter(() => unlessStopped(run(readBudget(process.argv.slice(2))), ({ holds }) => (holds ? 0 : 1)));

function readBudget(given: string[]): Budget {
  const options = {
    examples: { type: 'string', default: '100' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
  } as const;
  const { values } = parseArgs({ args: given, options });
  const [examples, seed] = [Number(values.examples), Number(values.seed)];
  if (Number.isInteger(examples) && examples > 0 && Number.isInteger(seed)) {
    return { examples, seed, phases: PHASES, workers: 2 };
  }
  throw new RangeError('--examples must be a whole number greater than 0; --seed must be a whole number.');
}

async function run(budget: Budget): Promise<Conformance> {
  process.stderr.write(`Seed ${budget.seed}: ${budget.examples} requests an operation in each phase …\n`);
  const model = await ScriptedModelServer.start({ recordLimit: 0 });
  model.reply(dspyAnswer(ANSWER));
  const work = {
    name: 'conformance',
    isGood: ({ holds }: Conformance) => holds,
    run: async ({ gatewayUrls: [url] }: { gatewayUrls: readonly string[] }) => {
      await registerPrograms(url!);
      return runSchemathesis(url!, budget);
    },
  };
  try {
    const conformance = await withSuite(work, { modelUrl: model.url, size: SIZE });
    process.stdout.write(`${conformance.report}\n`);
    return conformance;
  } finally {
    await model.stop();
  }
}
