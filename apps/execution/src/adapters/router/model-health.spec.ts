import { acceptedRow } from '../../../test/accepted-row';
import type { ExecutionEntity } from '../../executions/execution.entity';
import { FAILURES_MAX } from './circuit';
import { ModelHealth } from './model-health';

const row = acceptedRow({ adapter: 'router' });

function healthAfter(code: string): ModelHealth {
  const health = new ModelHealth();
  const error = { code, message: 'No.', retryable: false, details: {} };
  const ended: ExecutionEntity = { ...row, status: 'failed', error, totalMs: 1, finishedAt: row.createdAt };
  for (let failure = 0; failure < FAILURES_MAX; failure += 1) health.record(ended);
  return health;
}

describe('ModelHealth', () => {
  it('leaves a model alone that is away', () => {
    expect(healthAfter('model_unavailable').stateOf(row).isWell).toBe(false);
  });

  it.each(['model_error', 'output_invalid', 'timed_out', 'cancelled'])(
    'has nothing against a model after %s',
    (code) => {
      expect(healthAfter(code).stateOf(row).isWell).toBe(true);
    },
  );
});
