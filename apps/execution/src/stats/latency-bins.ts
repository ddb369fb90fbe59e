/**
 * Latencies are counted in bins whose bounds grow by a constant factor, so that a percentile read from them is at most 1 % off and
 * counts of different times can be added (Masson, Rim, Lee: DDSketch, VLDB 2019).
 */
export const RELATIVE_ERROR = 0.01;
const GAMMA = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR);
/** What is shorter is counted as this. */
export const SHORTEST_MS = 0.01;

/** The SQL of the bin of a number of milliseconds. */
export const binOf = (column: string): string =>
  `ceil(ln(greatest(${column}, ${SHORTEST_MS})) / ${Math.log(GAMMA)})::smallint`;

/** The milliseconds that stand for a bin: no value in it is further off than the relative error. */
export function valueOfBin(bin: number): number {
  return (2 * GAMMA ** bin) / (GAMMA + 1);
}
