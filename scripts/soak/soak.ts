import { setTimeout as pause } from 'node:timers/promises';
import type { Violation } from '../faults/judge/judge';
import type { Load } from '../faults/load/load';
import type { Scenario } from '../faults/scenario';
import { type Trend, trendOf } from './flatness';
import { Sampler } from './samples';

const MS_PER_MINUTE = 60_000;
const MS_PER_S = 1_000;
/** Caches fill, heaps find their size, connections are opened. */
const WARM_UP = 0.25;
/** On a busy machine one look may take as long as a short soak. */
const LEAST_SAMPLES = 4;

/** How long to load, with how many executions a second, and how often to look. */
export interface SoakPlan {
  readonly minutes: number;
  readonly perSecond: number;
  readonly sampleEveryMs: number;
}

/** Constant load, after which nothing may have grown; what grew is told to `onTrends` beside what did not. */
export function soak(plan: SoakPlan, onTrends: (trends: readonly Trend[]) => void): Scenario {
  return {
    name: 'soak',
    title: `${plan.perSecond} executions a second for ${plan.minutes} minutes`,
    full: { faults: 0, executions: Math.round(plan.minutes * 60 * plan.perSecond) },
    async run({ suite, load, say }, { executions }) {
      const sampler = new Sampler(suite);
      const ended = new AbortController();
      const sampling = sample(sampler, plan.sampleEveryMs, ended.signal, () => {
        say(`${load.wishes.length}/${executions} executions, ${load.open} open`);
      });
      try {
        await Promise.all([sendEvenly(load, plan).finally(() => ended.abort()), sampling]);
      } finally {
        sampler.close();
      }
      const trends = sampler.series(WARM_UP).map(trendOf);
      onTrends(trends);
      return trends.filter(({ isFlat }) => !isFlat).map(toViolation);
    },
  };
}

async function sendEvenly(load: Load, { minutes, perSecond }: SoakPlan): Promise<void> {
  const startedAtMs = Date.now();
  const count = Math.round(minutes * 60 * perSecond);
  for (let sent = 0; sent < count; sent += 1) {
    await pause(Math.max(0, startedAtMs + (sent * MS_PER_S) / perSecond - Date.now()));
    load.send();
  }
  await pause(Math.max(0, startedAtMs + minutes * MS_PER_MINUTE - Date.now()));
}

async function sample(sampler: Sampler, everyMs: number, ended: AbortSignal, onSample: () => void): Promise<void> {
  for (let taken = 0; taken < LEAST_SAMPLES || !ended.aborted; taken += 1) {
    await sampler.take();
    onSample();
    await pause(everyMs, undefined, { signal: ended }).catch(() => undefined);
  }
}

function toViolation({ series, drift, allowed }: Trend): Violation {
  const detail = `grew by ${drift.toFixed(1)} ${series.unit}, allowed ${allowed.toFixed(1)}`;
  return { rule: 'growth', subject: series.name, detail };
}
