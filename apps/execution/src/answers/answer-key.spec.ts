import { acceptedRow } from '../../test/accepted-row';
import type { ExecutionEntity } from '../executions/execution.entity';
import { answerKey } from './answer-key';

const row = acceptedRow({ inputs: { question: 'Why?', options: { a: 1, b: [2, 3] } } });
const changed = (change: Partial<ExecutionEntity>): string => answerKey({ ...row, ...change });

describe('answerKey', () => {
  it('is the same for the same question, however its members are ordered', () => {
    expect(changed({ inputs: { options: { b: [2, 3], a: 1 }, question: 'Why?' } })).toBe(answerKey(row));
    expect(answerKey(row)).toMatch(/^[0-9a-f]{64}$/);
  });

  it('does not look at who asks, when, and how patiently', () => {
    const other = acceptedRow({ timeoutMs: 5, maxRetries: 0, lane: 'batch' });
    const { id, timeoutMs, maxRetries, lane, createdAt, traceparent } = other;
    expect(changed({ id, timeoutMs, maxRetries, lane, createdAt, traceparent })).toBe(answerKey(row));
  });

  it.each<[string, Partial<ExecutionEntity>]>([
    ['tenant', { tenant: 'other' }],
    ['version of the program', { programHash: 'b'.repeat(64) }],
    ['model', { modelId: '00000000-0000-4000-8000-000000000000' }],
    ['version of the model', { modelVersion: 2 }],
    ['adapter', { adapter: 'native' }],
    ['format', { format: 'json' }],
    ['other models', { ensemble: { strategy: 'first', fields: [], models: [] } }],
    ['inputs', { inputs: { question: 'Why?', options: { a: 1, b: [3, 2] } } }],
  ])('differs with the %s', (_, change) => {
    expect(changed(change)).not.toBe(answerKey(row));
  });
});
