import type { EvaluationResultV1, EvaluationV1 } from '@dspy-nest/contracts';
import { faultsOf } from './judge-evaluation';

const EXAMPLES = 20;
const results = Array.from(
  { length: EXAMPLES },
  (_, index) => ({ index, executionId: `e${index}`, score: Number(index % 10 !== 0) }) as EvaluationResultV1,
);
const evaluation = {
  status: 'completed',
  error: null,
  counts: { total: EXAMPLES, ended: EXAMPLES, failed: 0, unscored: 0 },
  summary: { score: 0.9 },
} as EvaluationV1;

describe('the judge of evaluations', () => {
  it('finds nothing in a sound one', () => {
    expect(faultsOf(evaluation, results, EXAMPLES)).toEqual([]);
  });

  it.each([
    ['an unfinished one', { ...evaluation, status: 'failed' } as EvaluationV1, results, /It is failed/],
    ['an example too many', { ...evaluation, counts: { ...evaluation.counts, ended: 21 } }, results, /21 of 20/],
    ['a result twice', evaluation, [...results.slice(1), results[1]!], /stand in 19 places/],
    ['one execution for two', evaluation, results.map((one) => ({ ...one, executionId: 'e' })), /1 executions/],
    ['a wrong score', evaluation, results.map((one) => ({ ...one, score: 1 })), /2 examples have the wrong score/],
  ])('finds %s', (_, given, told, fault) => {
    expect(faultsOf(given, told, EXAMPLES).join(' ')).toMatch(fault);
  });
});
