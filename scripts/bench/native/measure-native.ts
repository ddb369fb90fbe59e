import { median } from '../figures/percentile';
import type { Window } from '../load/closed-loop';
import { Suite } from '../platform/suite';
import type { ChildProcesses } from '../processes/child-processes';
import { cpuBetween, ProcessWatch, type CpuSample } from '../processes/process-watch';
import { FastapiPeer } from '../series/fastapi';
import { ScriptedModel } from '../series/model';
import { Platform } from '../series/platform';
import type { Series } from '../series/series';
import { KNOWN_MODEL } from '../workload';

/** How often and how long each side is measured. */
export interface NativePlan {
  readonly callers: readonly number[];
  readonly repetitions: number;
  readonly firstWarmUpMs: number;
  readonly warmUpMs: number;
  readonly measuredMs: number;
}

export const FULL_NATIVE: NativePlan = {
  callers: [16, 64],
  repetitions: 3,
  firstWarmUpMs: 6_000,
  warmUpMs: 700,
  measuredMs: 5_000,
};
export const QUICK_NATIVE: NativePlan = {
  callers: [16],
  repetitions: 1,
  firstWarmUpMs: 1_000,
  warmUpMs: 300,
  measuredMs: 1_000,
};

export const SIDES = ['FastAPI + acall', 'platform, native', 'platform, python'] as const;
export type Side = (typeof SIDES)[number];

/** One side with that many callers; medians over the repetitions. */
export interface NativeFigures {
  readonly side: Side;
  readonly callers: number;
  readonly requestsPerS: number;
  /** CPU milliseconds for one call, by process of this side. */
  readonly cpuMsPerCall: Readonly<Record<string, number>>;
  readonly calls: number;
  /** Share of all cores that programs outside of the benchmark used meanwhile, from 0 to 1. */
  readonly background: number;
}

/** What takes part beside the sides. */
const AROUND = new Set(['load', 'model', 'starter']);
const FASTAPI = 'fastapi';

interface Measured {
  readonly series: Readonly<Record<Side, Series>>;
  readonly watch: ProcessWatch;
  readonly plan: NativePlan;
  readonly say: (text: string) => void;
}

/** Measures what the adapter native costs beside the peer and the fleet, on a model that answers at once; rejects on a wrong answer. */
export async function measureNative(
  processes: ChildProcesses,
  plan: NativePlan,
  say: (text: string) => void,
): Promise<NativeFigures[]> {
  say('Starting the model, FastAPI and the platform …');
  const model = await ScriptedModel.start(processes);
  const [peer, suite] = await Promise.all([
    FastapiPeer.start(processes, model.url, KNOWN_MODEL),
    Suite.start(processes, model.url),
  ]);
  const platform = await Platform.prepare(suite, model.url);
  const watch = new ProcessWatch();
  suite.watchedBy(watch);
  watch.add('load', process.pid, { alone: true });
  watch.add('model', model.process.pid);
  watch.add(FASTAPI, peer.process.pid);
  const series = {
    'FastAPI + acall': peer.series('FastAPI + acall'),
    'platform, native': platform.series('platform, native', 'native'),
    'platform, python': platform.series('platform, python'),
  };
  return suite.explaining(measureAll({ series, watch, plan, say }));
}

async function measureAll(measured: Measured): Promise<NativeFigures[]> {
  const { plan, say, series } = measured;
  say('Warming up …');
  for (const side of SIDES) await series[side].load(16, { warmUpMs: plan.firstWarmUpMs, measuredMs: 1 });
  const found: NativeFigures[] = [];
  for (let repetition = 0; repetition < plan.repetitions; repetition += 1) {
    for (const callers of plan.callers) {
      for (const side of SIDES) {
        say(`Repetition ${repetition + 1} of ${plan.repetitions}: ${side}, ${callers} callers …`);
        found.push(await measure(measured, side, callers));
      }
    }
  }
  return [...Map.groupBy(found, ({ side, callers }) => `${side} ${callers}`).values()].map(medianOf);
}

async function measure({ series, watch, plan }: Measured, side: Side, callers: number): Promise<NativeFigures> {
  const samples: CpuSample[] = [];
  const take = (): void => void samples.push(watch.sample());
  const window: Window = { warmUpMs: plan.warmUpMs, measuredMs: plan.measuredMs, onOpen: take, onClose: take };
  const { latenciesMs, elapsedMs } = await series[side].load(callers, window);
  const [before, after] = samples;
  if (before === undefined || after === undefined) throw new Error(`${side} opened or closed no window.`);
  const { cpuMs, background } = cpuBetween(before, after);
  const calls = latenciesMs.length;
  const isOfSide = (group: string): boolean => !AROUND.has(group) && (group === FASTAPI) === (side === SIDES[0]);
  const own = Object.entries(cpuMs).filter(([group]) => isOfSide(group));
  const cpuMsPerCall = Object.fromEntries(own.map(([group, ms]) => [group, ms / calls]));
  return { side, callers, requestsPerS: calls / (elapsedMs / 1_000), cpuMsPerCall, calls, background };
}

function medianOf(group: readonly NativeFigures[]): NativeFigures {
  const of = (read: (each: NativeFigures) => number): number => median(group.map(read));
  const processes = [...new Set(group.flatMap(({ cpuMsPerCall }) => Object.keys(cpuMsPerCall)))];
  return {
    side: group[0]!.side,
    callers: group[0]!.callers,
    requestsPerS: of(({ requestsPerS }) => requestsPerS),
    cpuMsPerCall: Object.fromEntries(
      processes.map((name) => [name, of(({ cpuMsPerCall }) => cpuMsPerCall[name] ?? 0)]),
    ),
    calls: group.reduce((sum, { calls }) => sum + calls, 0),
    background: of(({ background }) => background),
  };
}
