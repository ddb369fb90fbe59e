// `npm run bench`: what the platform costs over bare DSPy, for one caller and a model that answers at once. Both sides and the
// model run here, in one go, so the numbers can be compared with each other; it judges nothing.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { untilStopRequested } from '../start/stop-request';
import { measureBare } from './bare';
import { ChildProcesses, readJsonLine } from './child-processes';
import { measurePlatform, startPlatform } from './platform';
import { describeResult } from './report';
import { OUTPUTS } from './workload';

const STOPPED_EXIT_CODE = 130;

void main().then(
  (code) => process.exit(code),
  (error: Error) => {
    process.stderr.write(`\n${error.stack}\n`);
    process.exit(1);
  },
);

async function main(): Promise<number> {
  const processes = new ChildProcesses();
  const home = mkdtempSync(join(tmpdir(), 'dspy-nest-bench-'));
  const stopRequested = untilStopRequested(() => process.exit(STOPPED_EXIT_CODE));
  try {
    const result = await Promise.race([measure(processes, home), stopRequested]);
    if (result === 'signal' || result === 'parent-gone') return STOPPED_EXIT_CODE;
    process.stdout.write(`\n${result}\n`);
    return 0;
  } finally {
    await processes.stop();
    rmSync(home, { recursive: true, force: true });
  }
}

async function measure(processes: ChildProcesses, home: string): Promise<string> {
  const modelUrl = await startModel(processes);
  say('Measuring bare DSPy …');
  const bare = await measureBare(processes, modelUrl);
  say('Starting the platform …');
  const gateway = await startPlatform(processes, modelUrl, home);
  say('Measuring the platform …');
  return describeResult(bare, await measurePlatform(gateway));
}

// A process of its own: a model inside of the caller would compete with it for one thread.
async function startModel(processes: ChildProcesses): Promise<string> {
  const node = [process.execPath, '--import', './scripts/register-typescript.mjs'];
  const outputs = ['--outputs', JSON.stringify(OUTPUTS)];
  const started = processes.start([...node, 'scripts/scripted-model.ts', ...outputs], process.env);
  return ((await readJsonLine(started)) as { url: string }).url;
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
