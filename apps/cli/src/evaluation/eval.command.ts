import { InvalidArgumentError, Option, type Command } from 'commander';
import { examples } from '../command-help';
import { exitCodes } from '../command.errors';
import { toJson } from '../output';
import { progressOn } from '../progress';
import { untilSignal } from '../signals';
import { readLines, type Server } from '../server/server';
import { urlOption } from '../server/url-option';
import { writeTextFile } from '../written-file';
import {
  describeEvaluation,
  isGoodEnough,
  progressText,
  scoreOf,
  type Evaluation,
  type ExampleResult,
} from './evaluation';
import { junitReport } from './junit';
import { runEvaluation } from './run-evaluation';

const TIMEOUT_MS = 30_000;
const RESULTS_TIMEOUT_MS = 600_000;
const SPLITS = ['train', 'validation', 'test'];

const EXAMPLES = examples(
  'dspy-nest eval route-ticket --dataset tickets --split test --metric right-team',
  'dspy-nest eval route-ticket --dataset tickets --split test --metric right-team --min 0.8 --junit out.xml',
);

/** Adds `dspy-nest eval`. */
export function addEvalCommand(program: Command): void {
  program
    .command('eval')
    .summary('score a program on a dataset')
    .description(
      'Scores a program on a dataset by a metric, and waits for it. The exit code is 1 when the score is below --min.',
    )
    .argument('<program>', 'name or id of the program')
    .requiredOption('--dataset <name>', 'name or id of the dataset')
    .requiredOption('--metric <name>', 'name of the metric')
    .addOption(new Option('--split <split>', 'examples of one split only').choices(SPLITS))
    .option('--min <score>', 'least score, from 0 to 1', parseShare)
    .option('--junit <file>', "write a report in JUnit's XML")
    .option('--json', 'write the evaluation as JSON')
    .option('--program-version <n>', 'version of the program (default: the published one)', parseCount)
    .option('--dataset-version <n>', 'version of the dataset (default: the newest)', parseCount)
    .option('--metric-version <n>', 'version of the metric (default: the newest)', parseCount)
    .option('--model <name>', 'model that answers (default: that of the program)')
    .option('--level <level>', 'how sure the interval is to be (default: 0.95)', parseShare)
    .option('--seed <n>', 'the same seed gives the same figures (default: 0)', parseSeed)
    .option('--name <name>', 'name of the evaluation')
    .addOption(urlOption())
    .addHelpText('after', EXAMPLES)
    .action(evaluate);
}

interface EvalOptions {
  readonly dataset: string;
  readonly metric: string;
  readonly split?: string;
  readonly min?: number;
  readonly junit?: string;
  readonly json?: boolean;
  readonly programVersion?: number;
  readonly datasetVersion?: number;
  readonly metricVersion?: number;
  readonly model?: string;
  readonly level?: number;
  readonly seed?: number;
  readonly name?: string;
  readonly url: URL;
}

async function evaluate(program: string, options: EvalOptions): Promise<void> {
  const { url, min, junit, json = false, programVersion, ...chosen } = options;
  const request = { ...chosen, program, version: programVersion };
  const evaluation = await waitedFor({ url, timeoutMs: TIMEOUT_MS }, request);
  if (junit !== undefined) {
    const path = `/v1/evaluations/${evaluation.id}/results`;
    const results = await readLines<ExampleResult>({ url, timeoutMs: RESULTS_TIMEOUT_MS }, path);
    await writeTextFile(junit, junitReport(evaluation, results, min));
  }
  process.stdout.write(json ? toJson(evaluation) : describeEvaluation(evaluation));
  if (isGoodEnough(evaluation, min)) return;
  process.stderr.write(`Not good enough: ${scoreOf(evaluation)}; at least ${min} is asked for.\n`);
  process.exitCode = exitCodes.notRight;
}

/** The evaluation once it has ended. Who stops the command, stops it. */
async function waitedFor(server: Server, request: object): Promise<Evaluation> {
  const progress = progressOn(process.stderr);
  const tell = (evaluation: Evaluation): void =>
    progress.tell({ fraction: evaluation.progress.fraction, text: progressText(evaluation) });
  return untilSignal((stop) => runEvaluation(server, request, { tell, stop })).finally(progress.end);
}

function parseShare(given: string): number {
  const share = Number(given);
  if (given.trim() !== '' && share >= 0 && share <= 1) return share;
  throw new InvalidArgumentError('Write a number from 0 to 1, such as 0.8.');
}

function parseCount(given: string): number {
  if (/^[1-9]\d{0,8}$/.test(given)) return Number(given);
  throw new InvalidArgumentError('Write a version, such as 3.');
}

function parseSeed(given: string): number {
  if (/^\d{1,10}$/.test(given)) return Number(given);
  throw new InvalidArgumentError('Write a whole number, such as 7.');
}
