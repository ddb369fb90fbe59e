import { randomUUID } from 'node:crypto';
import { isUuid } from '@dspy-nest/platform';
import { parseSignature } from '@dspy-nest/signature';
import { compileInputsCheck } from '../programs/inputs';
import { prepareRow, rowExecutionId } from './batch-row';

const signature = parseSignature('question: string, count: int = 3 -> answer: string', { name: 'Qa' });
const preparation = { batchId: randomUUID(), checkInputs: compileInputsCheck(signature), record: true };

describe('prepareRow', () => {
  it('fills in defaults, and knows the same row again', () => {
    const row = prepareRow({ inputs: { question: 'Why?' } }, 7, preparation);
    expect(row).toMatchObject({ index: 7, inputs: { question: 'Why?', count: 3 }, coercions: [], error: null });
    expect(prepareRow({ inputs: { question: 'Why?' } }, 7, preparation)).toEqual(row);
    expect(prepareRow({ inputs: { question: 'How?' } }, 7, preparation).digest).not.toBe(row.digest);
  });

  it('keeps a row that does not fit, with the reason and without an execution', () => {
    const row = prepareRow({ inputs: { count: 'many' } }, 0, preparation);
    expect(row).toMatchObject({ execution_id: null, inputs: null, error: { code: 'invalid_inputs' } });
  });

  it('keeps reasons that have no place in a JSON column as others', () => {
    const details = { errors: [{ pointer: '/\0', code: 'x', message: '\ud800' }] };
    const error = { code: 'malformed_request', message: 'a\0b', retryable: false, details };
    expect(prepareRow({ error }, 0, preparation).error).toMatchObject({
      message: 'a\ufffdb',
      details: { errors: [{ pointer: '/\ufffd', message: '\ufffd' }] },
    });
  });
});

describe('rowExecutionId', () => {
  const batchId = randomUUID();

  it('is a UUID that follows from batch and place, and sorts by the place', () => {
    const ids = [0, 1, 4_095, 4_096, 100_000, 15_999_999].map((index) => rowExecutionId(batchId, index));
    expect(ids.every(isUuid)).toBe(true);
    expect([...ids].sort()).toEqual(ids);
    expect(rowExecutionId(batchId, 1)).toBe(ids[1]);
    expect(rowExecutionId(randomUUID(), 1)).not.toBe(ids[1]);
  });
});
