import type { RunKind } from '../metric-kind';
import { count, fieldName, programName, sources } from '../setting';

/**
 * What a program says of an answer in its output `score`, from 0 to 1; not scored before it was asked. `inputs` says where each input
 * of the judge is from, such as `answer.team`, `expected.team` or `inputs.ticket`.
 */
export const judge: RunKind = {
  kind: 'judge',
  settings: { program: programName, version: count, score: fieldName, inputs: sources },
  scoreRun: ({ judged }, metric) => judged?.get(metric) ?? null,
};
