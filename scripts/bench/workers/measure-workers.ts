import { median } from '../figures/percentile';
import { Suite } from '../platform/suite';
import type { ChildProcesses } from '../processes/child-processes';
import { ScriptedModel } from '../series/model';
import { Platform } from '../series/platform';

/** Requests per second of each repetition, and their median, with that many workers. */
export interface WorkersStep {
  readonly workers: number;
  readonly requestsPerS: readonly number[];
  readonly medianPerS: number;
}

/** How often and how long each number of workers is measured. */
export interface WorkersPlan {
  readonly repetitions: number;
  readonly measuredMs: number;
}

export const FULL_WORKERS: WorkersPlan = { repetitions: 3, measuredMs: 8_000 };
export const QUICK_WORKERS: WorkersPlan = { repetitions: 1, measuredMs: 3_000 };

/** So few and so slow that workers are what is short, not CPU. */
export const SLOTS = 4;
export const MODEL_DELAY_MS = 200;
export const CALLERS = 16;

const WARM_UP_MS = 2_000;

/** Measures one worker, then two, each time on a suite of its own; rejects on a wrong answer. */
export async function measureWorkers(
  processes: ChildProcesses,
  plan: WorkersPlan,
  say: (text: string) => void,
): Promise<WorkersStep[]> {
  const model = await ScriptedModel.start(processes);
  await model.setDelay(MODEL_DELAY_MS);
  const steps: WorkersStep[] = [];
  for (const workers of [1, 2]) {
    say(`Measuring with ${workers} of the workers …`);
    const requestsPerS = await throughputOf(processes, { model, workers, plan });
    steps.push({ workers, requestsPerS, medianPerS: median(requestsPerS) });
  }
  return steps;
}

async function throughputOf(
  processes: ChildProcesses,
  { model, workers, plan }: { model: ScriptedModel; workers: number; plan: WorkersPlan },
): Promise<number[]> {
  const settings = { DSPY_NEST_WORKERS: String(workers), DSPY_NEST_WORKER_CONCURRENCY: String(SLOTS) };
  const suite = await Suite.start(processes, model.url, settings);
  const requestsPerS = await suite.explaining(throughputOnce(suite, model, plan));
  await suite.stop();
  return requestsPerS;
}

async function throughputOnce(suite: Suite, model: ScriptedModel, plan: WorkersPlan): Promise<number[]> {
  const platform = await Platform.prepare(suite, model.url);
  const series = platform.series('platform');
  const window = { warmUpMs: WARM_UP_MS, measuredMs: plan.measuredMs };
  const requestsPerS: number[] = [];
  for (let repetition = 0; repetition < plan.repetitions; repetition += 1) {
    const { latenciesMs, elapsedMs } = await series.load(CALLERS, window);
    requestsPerS.push(latenciesMs.length / (elapsedMs / 1000));
  }
  return requestsPerS;
}
