// `npm run bench`: what the platform costs and what it gains, against bare DSPy and against DSPy behind FastAPI; with --growth
// over a growing table of executions, with --workers from one worker to two, with --apis REST against GraphQL, with --stream the first token
// against the model server's own, with --native the adapter native against FastAPI by CPU. All sides run
// here, in one go, so the numbers can be compared with each other. It passes no judgement by its exit code, except on wrong
// answers.
import { writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { exitAfter, unlessStopped } from '../start/main-program';
import { apisReport } from './apis/apis-report';
import { FULL_APIS, measureApis, QUICK_APIS } from './apis/measure-apis';
import { parseBenchArguments, type BenchArguments } from './bench.arguments';
import { growthReport } from './growth/growth-report';
import { FULL_GROWTH, measureGrowth, QUICK_GROWTH } from './growth/measure-growth';
import { latencyReport } from './latency/latency-report';
import { measureLatency } from './latency/measure-latency';
import { FULL_PLAN, QUICK_PLAN } from './latency/plan';
import { FULL_NATIVE, measureNative, QUICK_NATIVE } from './native/measure-native';
import { nativeReport } from './native/native-report';
import { ChildProcesses } from './processes/child-processes';
import { FULL_STREAM, measureStream, QUICK_STREAM } from './stream/measure-stream';
import { streamReport } from './stream/stream-report';
import { FULL_WORKERS, measureWorkers, QUICK_WORKERS } from './workers/measure-workers';
import { workersReport } from './workers/workers-report';

interface Outcome {
  readonly figures: object;
  readonly report: string;
}

exitAfter(async () => {
  const args = parseBenchArguments(process.argv.slice(2));
  const processes = new ChildProcesses();
  try {
    return await unlessStopped(run(args, processes), (outcome) => publish(outcome, args));
  } finally {
    await processes.stop();
  }
});

function publish({ figures, report }: Outcome, { json }: BenchArguments): number {
  process.stdout.write(`# Benchmark\n\n${machine()}\n\n${report}\n`);
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(figures, null, 2)}\n`);
  return 0;
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
  if (suite === 'apis') {
    const cells = await measureApis(processes, quick ? QUICK_APIS : FULL_APIS, say);
    return { figures: { cells }, report: apisReport(cells) };
  }
  if (suite === 'stream') {
    const cells = await measureStream(processes, quick ? QUICK_STREAM : FULL_STREAM, say);
    return { figures: { cells }, report: streamReport(cells) };
  }
  if (suite === 'native') {
    const sides = await measureNative(processes, quick ? QUICK_NATIVE : FULL_NATIVE, say);
    return { figures: { sides }, report: nativeReport(sides) };
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
