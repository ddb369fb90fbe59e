import type { BatchResultV1 } from '@dspy-nest/contracts';
import { programVersion, signatureSpec } from '@dspy-nest/testing';
import { scoreField } from '../judges/judge-score';
import type { Judge } from '../judges/judges.service';
import { judgeBatchId, judgedBy, judgeRow } from './judgement';

const program = programVersion({
  name: 'fair',
  version: 3,
  signature: signatureSpec('reply: string, right: string -> score: int(min=1, max=5), why: string'),
});
const JUDGE: Judge = {
  program,
  score: scoreField(program)!,
  definition: { kind: 'judge', program: 'fair', inputs: { reply: 'answer.team', right: 'expected.team' } },
};
const result = (rest: Partial<BatchResultV1> = {}): BatchResultV1 => ({
  index: 0,
  id: '01930000-0000-7000-8000-000000000001',
  status: 'succeeded',
  outputs: { team: 'billing' },
  error: null,
  usage: { promptTokens: 10, completionTokens: 2, costUsd: 0.5 },
  totalMs: 12,
  ...rest,
});
const EXAMPLE = { inputs: { ticket: 'x' }, expected: { team: 'returns' } };

describe('a judge', () => {
  it('is asked about an answer, and about nothing else', () => {
    expect(judgeRow(JUDGE, EXAMPLE, result())).toEqual({ inputs: { reply: 'billing', right: 'returns' } });
    expect(judgeRow(JUDGE, EXAMPLE, result({ status: 'failed', outputs: null }))).toHaveProperty('error');
    expect(judgeRow(JUDGE, { ...EXAMPLE, expected: {} }, result())).toHaveProperty('error');
  });

  it('says a score with its reasons, or why it says nothing', () => {
    const outputs = { score: 4, why: 'Near.' };
    expect(judgedBy(JUDGE, result({ outputs })).said).toEqual({
      program: 'fair',
      version: 3,
      executionId: result().id,
      score: 0.75,
      answer: outputs,
      errorCode: null,
    });
    const error = { code: 'output_invalid', message: 'No.', retryable: true, details: {} };
    const failed = judgedBy(JUDGE, result({ status: 'failed', outputs: null, error }));
    expect(failed.said).toMatchObject({ score: null, answer: null, errorCode: 'output_invalid' });
  });

  it('has a batch of its own in each evaluation', () => {
    const [one, other] = ['01930000-0000-7000-8000-000000000001', '01930000-0000-7000-8000-000000000002'];
    expect(judgeBatchId(one, 0)).toBe(judgeBatchId(one, 0));
    expect(new Set([judgeBatchId(one, 0), judgeBatchId(one, 1), judgeBatchId(other, 0)]).size).toBe(3);
    expect(judgeBatchId(one, 0)).toMatch(/^01930000-0000-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});
