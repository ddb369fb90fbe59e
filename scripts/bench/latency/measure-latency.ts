import type { Window } from '../load/closed-loop';
import { percentile } from '../figures/percentile';
import type { Timing } from '../platform/platform-client';
import { Suite } from '../platform/suite';
import type { ChildProcesses } from '../processes/child-processes';
import { cpuBetween, ProcessWatch, type CpuSample } from '../processes/process-watch';
import { BareDspy, type Versions } from '../series/bare';
import { FastapiPeer } from '../series/fastapi';
import { ScriptedModel } from '../series/model';
import { Platform } from '../series/platform';
import type { Cell, Series } from '../series/series';
import { KNOWN_MODEL, PAUSE_MS, UNKNOWN_MODEL } from '../workload';
import { mediansOf, toMeasurement, type Measurement } from './measurement';
import { SERIES, seriesOf, stepsOf, type Plan, type SeriesName } from './plan';

/** One in which all sides take part. */
const WARM_UP_CELL: Cell = { delayMs: 0, concurrency: 16 };

/** All that the comparison found. */
export interface LatencyResult {
  readonly plan: Plan;
  readonly measurements: readonly Measurement[];
  readonly medians: readonly Measurement[];
  /** Medians of what the platform says itself, of one caller and a model that answers at once. */
  readonly timing: Timing;
  readonly memoryMib: Readonly<Record<string, number>>;
  readonly executions: { readonly answered: number; readonly lost: number };
  readonly versions: Versions;
}

interface Sides {
  readonly model: ScriptedModel;
  readonly suite: Suite;
  readonly platform: Platform;
  readonly versions: Versions;
  readonly series: Readonly<Record<SeriesName, Series>>;
}

/** Starts all sides and measures every cell of the plan; rejects on a wrong answer. */
export async function measureLatency(
  processes: ChildProcesses,
  plan: Plan,
  say: (text: string) => void,
): Promise<LatencyResult> {
  const watch = new ProcessWatch();
  say('Starting the model, bare DSPy, FastAPI and the platform …');
  const sides = await startSides(processes, watch);
  say('Warming all of them up …');
  return sides.suite.explaining(measureAll(sides, { plan, watch, say }));
}

async function measureAll(
  sides: Sides,
  { plan, watch, say }: { plan: Plan; watch: ProcessWatch; say: (text: string) => void },
): Promise<LatencyResult> {
  await warmUp(sides, plan);
  const measurements: Measurement[] = [];
  const timings: Timing[] = [];
  for (const { cell, repetition, name } of stepsOf(plan)) {
    say(
      `Repetition ${repetition + 1} of ${plan.repetitions}: model ${cell.delayMs} ms, ${cell.concurrency} callers, ${name} …`,
    );
    await sides.model.setDelay(cell.delayMs);
    sides.platform.timings.length = 0;
    measurements.push(await measureCell(sides.series[name], { name, cell, plan, watch }));
    if (isPlain(name, cell)) timings.push(...sides.platform.timings);
  }
  const memoryMib = watch.memoryMib();
  const executions = await sides.platform.countLost();
  const { versions } = sides;
  const medians = mediansOf(measurements);
  return { plan, measurements, medians, timing: medianTiming(timings), memoryMib, executions, versions };
}

async function startSides(processes: ChildProcesses, watch: ProcessWatch): Promise<Sides> {
  const model = await ScriptedModel.start(processes);
  const [bare, fastapi, fastapiUnknown, suite] = await Promise.all([
    BareDspy.start(processes, model.url),
    FastapiPeer.start(processes, model.url, KNOWN_MODEL),
    FastapiPeer.start(processes, model.url, UNKNOWN_MODEL),
    Suite.start(processes, model.url),
  ]);
  const platform = await Platform.prepare(suite, model.url);
  suite.watchedBy(watch);
  watch.add('load', process.pid, { alone: true });
  for (const [group, { pid }] of Object.entries({ model: model.process, bare: bare.process })) watch.add(group, pid);
  watch.add('fastapi', fastapi.process.pid);
  watch.add('fastapi, unknown model', fastapiUnknown.process.pid);
  const series = {
    [SERIES.bare]: bare.series(SERIES.bare, 0),
    [SERIES.paced]: bare.series(SERIES.paced, PAUSE_MS),
    [SERIES.fastapi]: fastapi.series(SERIES.fastapi),
    [SERIES.platform]: platform.series(SERIES.platform),
    [SERIES.fastapiUnknown]: fastapiUnknown.series(SERIES.fastapiUnknown),
    [SERIES.platformUnknown]: platform.series(SERIES.platformUnknown, 'unknown'),
    [SERIES.modelWhole]: model.series(SERIES.modelWhole, { stream: false }),
    [SERIES.modelStreamed]: model.series(SERIES.modelStreamed, { stream: true }),
  };
  return { model, suite, platform, versions: bare.versions, series };
}

async function warmUp({ series }: Sides, { firstWarmUpMs }: Plan): Promise<void> {
  for (const name of seriesOf(WARM_UP_CELL, 1)) {
    await series[name].load(WARM_UP_CELL.concurrency, { warmUpMs: firstWarmUpMs, measuredMs: 1 });
  }
}

async function measureCell(
  series: Series,
  { name, cell, plan, watch }: { name: SeriesName; cell: Cell; plan: Plan; watch: ProcessWatch },
): Promise<Measurement> {
  const samples: CpuSample[] = [];
  const take = () => void samples.push(watch.sample());
  const window: Window = { warmUpMs: plan.warmUpMs, measuredMs: plan.measuredMs, onOpen: take, onClose: take };
  const result = await series.load(cell.concurrency, window);
  const [before, after] = samples;
  if (before === undefined || after === undefined) throw new Error(`${series.name} opened or closed no window.`);
  return toMeasurement(name, cell, result, cpuBetween(before, after));
}

const isPlain = (name: SeriesName, cell: Cell) =>
  name === SERIES.platform && cell.delayMs === 0 && cell.concurrency === 1;

function medianTiming(timings: readonly Timing[]): Timing {
  const of = (part: keyof Timing) =>
    percentile(
      timings.map((timing) => timing[part]),
      50,
    );
  return { totalMs: of('totalMs'), queueMs: of('queueMs'), workerMs: of('workerMs'), lmMs: of('lmMs') };
}
