// `npm run bench`: what the platform costs and what it gains, against bare DSPy and against DSPy behind FastAPI; with --growth
// over a growing table of executions, with --workers from one worker to two. All sides run here, in one go, so the numbers can
// be compared with each other. It passes no judgement by its exit code, except on wrong answers.
import { writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { untilStopRequested } from '../start/stop-request';
import { parseBenchArguments, type BenchArguments } from './bench.arguments';
import { growthReport } from './growth/growth-report';
import { FULL_GROWTH, measureGrowth, QUICK_GROWTH } from './growth/measure-growth';
import { latencyReport } from './latency/latency-report';
import { measureLatency } from './latency/measure-latency';
import { FULL_PLAN, QUICK_PLAN } from './latency/plan';
import { ChildProcesses } from './processes/child-processes';
import { FULL_WORKERS, measureWorkers, QUICK_WORKERS } from './workers/measure-workers';
import { workersReport } from './workers/workers-report';

const STOPPED_EXIT_CODE = 130;

interface Outcome {
  readonly figures: object;
  readonly report: string;
}

void main().then(
  (code) => process.exit(code),
  (error: Error & { code?: string }) => {
    process.stderr.write(`\n${error.code === 'arguments_invalid' ? error.message : error.stack}\n`);
    process.exit(1);
  },
);

async function main(): Promise<number> {
  const args = parseBenchArguments(process.argv.slice(2));
  const processes = new ChildProcesses();
  const stopRequested = untilStopRequested(() => process.exit(STOPPED_EXIT_CODE));
  try {
    const outcome = await Promise.race([run(args, processes), stopRequested]);
    if (typeof outcome === 'string') return STOPPED_EXIT_CODE;
    const text = `# Benchmark\n\n${machine()}\n\n${outcome.report}\n`;
    process.stdout.write(text);
    if (args.json !== undefined) writeFileSync(args.json, `${JSON.stringify(outcome.figures, null, 2)}\n`);
    return 0;
  } finally {
    await processes.stop();
  }
}

async function run({ suite, quick }: BenchArguments, processes: ChildProcesses): Promise<Outcome> {
  if (suite === 'growth') {
    const steps = await measureGrowth(processes, quick ? QUICK_GROWTH : FULL_GROWTH, say);
    return { figures: { steps }, report: growthReport(steps) };
  }
  if (suite === 'workers') {
    const steps = await measureWorkers(processes, quick ? QUICK_WORKERS : FULL_WORKERS, say);
    return { figures: { steps }, report: workersReport(steps) };
  }
  const figures = await measureLatency(processes, quick ? QUICK_PLAN : FULL_PLAN, say);
  return { figures, report: latencyReport(figures) };
}

function machine(): string {
  const load = loadavg().map((value) => value.toFixed(2));
  const when = new Date().toISOString().slice(0, 16).replace('T', ' ');
  return `${when} UTC, ${availableParallelism()} cores, Node ${process.versions.node}, load average at the end ${load.join(' ')}`;
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
