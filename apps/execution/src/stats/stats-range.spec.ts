import { ValidationFailedError } from '@dspy-nest/platform';
import { statsRange } from './stats-range';

const NOW = new Date('2026-03-10T12:03:00Z');

describe('statsRange', () => {
  it('is the last day unless told otherwise, in whole steps', () => {
    expect(statsRange({}, NOW)).toEqual({
      from: new Date('2026-03-09T12:05:00Z'),
      to: new Date('2026-03-10T12:05:00Z'),
    });
  });

  it('is widened to whole steps', () => {
    const asked = { from: '2026-03-01T00:04:59Z', to: '2026-03-01T00:05:01Z' };
    expect(statsRange(asked, NOW)).toEqual({
      from: new Date('2026-03-01T00:00:00Z'),
      to: new Date('2026-03-01T00:10:00Z'),
    });
  });

  it.each([
    [{ from: '2026-03-10T13:00:00Z' }, /before "to"/],
    [{ from: '2025-01-01T00:00:00Z' }, /at most 92 days/],
    [{ from: '2026-03-01T00:00:00Z', interval: 'five_minutes' as const }, /by five_minutes is at most 2 days/],
    [{ from: '2026-01-01T00:00:00Z', interval: 'hour' as const }, /by hour is at most 31 days/],
  ])('refuses %j', (asked, message) => {
    expect(() => statsRange(asked, NOW)).toThrow(ValidationFailedError);
    expect(() => statsRange(asked, NOW)).toThrow(message);
  });

  it('takes the longest range that an interval allows', () => {
    expect(() => statsRange({ from: '2026-03-08T12:03:00Z', interval: 'five_minutes' }, NOW)).not.toThrow();
  });
});
