import { createHash } from 'node:crypto';
import type { BatchResultV1, BatchRowV1, JsonObject, Judgement } from '@dspy-nest/contracts';
import { judgeInputs } from '../judges/judge-inputs';
import { scoreOf } from '../judges/judge-score';
import type { Judge } from '../judges/judges.service';

/** What a judge said of an example, and what it took. */
export interface Judged {
  readonly judge: Judge;
  readonly said: Judgement;
  readonly usage: BatchResultV1['usage'];
}

/**
 * The id of the batch in which a judge is asked: always the same for an evaluation and the place of the judge in its metric. A UUID
 * of version 8 with the time of the evaluation in front, as that of rows, so that what belongs together lies together.
 */
export function judgeBatchId(evaluationId: string, place: number): string {
  const hex = createHash('sha256').update(`${evaluationId}:judge:${place}`).digest('hex');
  return `${evaluationId.slice(0, 13)}-8${hex.slice(0, 3)}-8${hex.slice(3, 6)}-${hex.slice(6, 18)}`;
}

/** The row in which a judge is asked about an example; one with nothing to judge is no execution. */
export function judgeRow(
  { program, definition }: Judge,
  example: { inputs: JsonObject; expected: JsonObject },
  result: BatchResultV1,
): BatchRowV1 {
  const answer = result.status === 'succeeded' ? result.outputs : null;
  if (answer === null) return notAsked('There is no answer to judge.');
  const inputs = judgeInputs(program.signature, definition.inputs ?? {}, { ...example, answer: answer as JsonObject });
  return inputs === undefined ? notAsked('The example does not say what the judge needs.') : { inputs };
}

/** What the execution of a judge says of an example; one that did not succeed says nothing. */
export function judgedBy(judge: Judge, { id, status, outputs, error, usage }: BatchResultV1): Judged {
  const { name: program, version } = judge.program;
  const answer = status === 'succeeded' ? outputs : null;
  const score = answer === null ? null : scoreOf(judge.score, answer[judge.score.name]);
  const errorCode = answer === null ? (error?.code ?? status) : null;
  return { judge, usage, said: { program, version, executionId: id, score, answer, errorCode } };
}

function notAsked(message: string): BatchRowV1 {
  return { error: { code: 'not_evaluable', message, retryable: false, details: {} } };
}
