import {
  ConnectionError,
  ExecutionFailedError,
  OverloadedError,
  UnavailableError,
  type DspyNestError,
  type ErrorFacts,
} from './errors';
import type { Execution } from './execution';
import { isCounted, retryDelayMs, retrySettings } from './retry';

const broken = new ConnectionError('broken', { code: 'connection_failed', retryable: true });
const busy = (facts: Partial<ErrorFacts> = {}): OverloadedError =>
  new OverloadedError('busy', { code: 'overloaded', retryable: true, status: 429, ...facts });
const delay = (error: DspyNestError, { failures = 1, repeatable = true, random = 1 } = {}): number | undefined =>
  retryDelayMs(error, failures, repeatable, retrySettings(), () => random);

it('takes what is undefined as not said', () => {
  expect(retrySettings({ maxAttempts: undefined, baseDelayMs: 1 })).toMatchObject({ maxAttempts: 4, baseDelayMs: 1 });
});

describe('retryDelayMs', () => {
  it('doubles the longest wait up to a limit, and waits any part of it', () => {
    const settings = { maxAttempts: 20, baseDelayMs: 100, maxDelayMs: 1_000 };
    const waits = [1, 2, 3, 4, 5, 6].map((failures) => retryDelayMs(broken, failures, true, settings, () => 1));
    expect(waits).toEqual([100, 200, 400, 800, 1_000, 1_000]);
    expect(delay(broken, { random: 0.5 })).toBe(125);
  });

  it('gives up after all attempts', () => {
    expect(delay(broken, { failures: 3 })).toBe(1_000);
    expect(delay(broken, { failures: 4 })).toBeUndefined();
  });

  it('waits at least as long as it was asked to, unless that is too long', () => {
    expect(delay(busy({ retryAfterMs: 2_000 }), { random: 0 })).toBe(2_000);
    expect(delay(busy({ retryAfterMs: 2_000 }))).toBe(2_250);
    expect(delay(busy({ retryAfterMs: 31_000 }))).toBeUndefined();
  });

  it('tries without a key only what certainly made nothing', () => {
    expect(delay(broken, { repeatable: false })).toBeUndefined();
    expect(delay(busy(), { repeatable: false })).toBe(250);
    const away = (code: string): UnavailableError => new UnavailableError('', { code, retryable: true, status: 503 });
    expect(delay(away('no_worker'), { repeatable: false })).toBe(250);
    expect(delay(away('service_unavailable'), { repeatable: false })).toBeUndefined();
  });

  it('tries nothing again that would fail again, nor an execution that has ended', () => {
    expect(delay(busy({ retryable: false }))).toBeUndefined();
    const facts = { code: 'model_unavailable', retryable: true, status: 502 };
    expect(delay(new ExecutionFailedError('', facts, {} as Execution))).toBeUndefined();
  });
});

it('does not count that the first request is still at work', () => {
  expect(isCounted(busy())).toBe(true);
  expect(isCounted(busy({ code: 'idempotency_key_in_flight' }))).toBe(false);
});
