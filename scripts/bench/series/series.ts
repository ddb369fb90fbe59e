import { runClosedLoop, type Call, type LoadResult, type Window } from '../load/closed-loop';

/** What is measured: how long the model takes for an answer, and how many callers there are. */
export interface Cell {
  readonly delayMs: number;
  readonly concurrency: number;
}

/** One side of the comparison. */
export interface Series {
  readonly name: string;
  /** Puts load on it for the time of a window; rejects on a wrong answer. */
  readonly load: (concurrency: number, window: Window) => Promise<LoadResult>;
}

/** A series that is a server on a port of this machine. */
export function httpSeries(name: string, port: number, nextCall: () => Call): Series {
  return { name, load: (concurrency, window) => runClosedLoop({ port, concurrency, nextCall }, window) };
}
