import type { RunKind } from '../metric-kind';
import { positive } from '../setting';
import { shareLeft } from '../share-left';

/** 1 for an answer that took no time, falling evenly to 0 at `limitMs`. */
export const latency: RunKind = {
  kind: 'latency',
  settings: { limitMs: positive(true) },
  scoreRun: ({ totalMs }, metric) => shareLeft(totalMs, metric['limitMs']),
};
