import type { ExecutionOutcomeV1 } from '@dspy-nest/contracts';
import { acceptedRow } from '../../test/accepted-row';
import { finishedByPlatform, finishedByWorker, withUnstorableOutputs } from './execution-outcome';
import { toExecution } from '../executions/execution.entity';

const outcome = (change: Partial<ExecutionOutcomeV1> = {}): ExecutionOutcomeV1 => ({
  executionId: 'e',
  tenant: 'default',
  epoch: 1,
  attempt: 2,
  worker: 'w1',
  status: 'succeeded',
  outputs: { answer: 'Because.' },
  error: null,
  coercions: [],
  usage: { promptTokens: 10, completionTokens: 2, costUsd: null },
  queueMs: 1.5,
  workerMs: 20,
  lmMs: 15.25,
  parseMs: 0.5,
  recovery: { modelRetries: 0, parseRetries: 0, repairs: 0 },
  calls: [],
  ...change,
});

describe('how an execution ends', () => {
  it('takes over what the worker tells, and measures the whole by its own clock', () => {
    const row = acceptedRow();
    const execution = toExecution(finishedByWorker(row, outcome(), 25.1234567));
    expect(execution).toMatchObject({
      id: row.id,
      status: 'succeeded',
      outputs: { answer: 'Because.' },
      worker: 'w1',
      attempt: 2,
      usage: { promptTokens: 10, completionTokens: 2, costUsd: null },
      timing: { totalMs: 25.123, queueMs: 1.5, workerMs: 20, lmMs: 15.25, overheadMs: 9.873 },
    });
    expect(execution.finishedAt).toBe(new Date(row.createdAt.getTime() + 25).toISOString());
  });

  it('has no timing before it ends', () => {
    const execution = toExecution(acceptedRow());
    expect(execution.timing).toBeNull();
    expect(execution.traceId).toBe('b'.repeat(32));
  });

  it.each([
    ['cancelled', false, 'was cancelled'],
    ['timed_out', true, 'did not end within 60000 ms'],
  ] as const)('says why the platform ended it: %s', (status, retryable, text) => {
    const { error } = finishedByPlatform(acceptedRow(), status, 3);
    expect(error).toMatchObject({ code: status, retryable });
    expect(error?.message).toContain(text);
  });

  it('makes a failure of outputs that cannot be stored', () => {
    const row = withUnstorableOutputs(finishedByWorker(acceptedRow(), outcome({ outputs: { answer: '\ud800' } }), 5));
    expect(row).toMatchObject({ status: 'failed', outputs: null, error: { code: 'output_invalid' }, attempt: 2 });
  });
});
