import { InvalidArgumentError, Option, type Command } from 'commander';
import { examples } from '../command-help';
import { toJson } from '../output';
import { progressOn } from '../progress';
import { post, type Server } from '../server/server';
import { urlOption } from '../server/url-option';
import { askInterruption } from './interruption';
import { describeOptimization, progressText, type Optimization } from './optimization';
import { parseSetting } from './settings';
import { OPTIMIZATIONS_PATH, watchOptimization } from './watch-optimization';

const TIMEOUT_MS = 30_000;
const OPTIMIZERS = ['LabeledFewShot', 'BootstrapFewShot', 'BootstrapFewShotWithRandomSearch', 'MIPROv2', 'GEPA'];

const EXAMPLES = examples(
  'dspy-nest optimize route-ticket --dataset tickets --metric right-team --watch',
  'dspy-nest optimize route-ticket --dataset tickets --metric right-team --optimizer LabeledFewShot --set k=12 --seed 7',
);

/** Adds `dspy-nest optimize`. */
export function addOptimizeCommand(program: Command): void {
  program
    .command('optimize')
    .summary('improve a program by an optimiser of DSPy')
    .description(
      'Has an optimiser look for better demos or instructions on train and validation, and judges what it finds on test. ' +
        'Ctrl-C while it is watched asks whether to detach, to stop and keep the best, or to abort.',
    )
    .argument('<program>', 'name or id of the program')
    .requiredOption('--dataset <name>', 'name or id of the dataset')
    .requiredOption('--metric <name>', 'name of the metric')
    .addOption(
      new Option('--optimizer <name>', 'optimiser of DSPy')
        .choices(OPTIMIZERS)
        .default('BootstrapFewShotWithRandomSearch'),
    )
    .option('--set <name=value>', 'setting of the optimiser, as often as needed', parseSetting)
    .option('--watch', 'show its progress until it has ended')
    .option('--json', 'write the optimisation as JSON')
    .option('--program-version <n>', 'version of the program (default: the published one)', parseCount)
    .option('--dataset-version <n>', 'version of the dataset (default: the newest)', parseCount)
    .option('--metric-version <n>', 'version of the metric (default: the newest)', parseCount)
    .option('--model <name>', 'model that answers (default: that of the program)')
    .option('--seed <n>', 'decides every draw (default: 0)', parseSeed)
    .option('--threads <n>', 'examples that are asked at once (default: 4)', parseCount)
    .option('--name <name>', 'name of the optimisation')
    .addOption(urlOption())
    .addHelpText('after', EXAMPLES)
    .action(optimize);
}

interface OptimizeOptions {
  readonly optimizer: string;
  readonly set?: object;
  readonly watch?: boolean;
  readonly json?: boolean;
  readonly programVersion?: number;
  readonly url: URL;
}

async function optimize(program: string, options: OptimizeOptions): Promise<void> {
  const { url, optimizer: name, set: settings = {}, watch = false, json = false, programVersion, ...chosen } = options;
  const server = { url, timeoutMs: TIMEOUT_MS };
  const request = { ...chosen, program, version: programVersion, optimizer: { name, settings } };
  const ordered = await post<Optimization>(server, OPTIMIZATIONS_PATH, request);
  const found = watch ? await watched(server, ordered.id) : ordered;
  process.stdout.write(json ? toJson(found) : textOf(found));
}

function textOf(found: Optimization): string {
  const goesOn = found.finishedAt === null ? `It goes on: ${OPTIMIZATIONS_PATH}/${found.id}\n` : '';
  return describeOptimization(found) + goesOn;
}

function watched(server: Server, id: string): Promise<Optimization> {
  const progress = progressOn(process.stderr);
  const tell = (now: Optimization): void =>
    progress.tell({ fraction: now.progress.fraction ?? 0, text: progressText(now) });
  const ask = (): ReturnType<typeof askInterruption> => askInterruption(process.stdin, process.stderr);
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  return watchOptimization(server, id, { tell, ask, say }).finally(progress.end);
}

function parseCount(given: string): number {
  if (/^[1-9]\d{0,8}$/.test(given)) return Number(given);
  throw new InvalidArgumentError('Write a whole number from 1, such as 3.');
}

function parseSeed(given: string): number {
  if (/^\d{1,10}$/.test(given)) return Number(given);
  throw new InvalidArgumentError('Write a whole number, such as 7.');
}
