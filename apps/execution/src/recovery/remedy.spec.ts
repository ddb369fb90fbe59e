import { remedyFor } from './remedy';

const now = new Date('2026-01-01T00:01:00Z');
const before = (ms: number): Date => new Date(now.getTime() - ms);

describe('remedyFor', () => {
  it('leaves alone what is in the queue, also when nobody waits', () => {
    expect(remedyFor({ deadlineAt: null, epoch: 1 }, true, now)).toBe('look-later');
  });

  it('dispatches again what is in no queue', () => {
    expect(remedyFor({ deadlineAt: null, epoch: 1 }, false, now)).toBe('dispatch-again');
    expect(remedyFor({ deadlineAt: before(-5_000), epoch: 1 }, false, now)).toBe('dispatch-again');
  });

  it('gives up what was dispatched ten times and is in no queue again, but lets it wait in one', () => {
    expect(remedyFor({ deadlineAt: null, epoch: 9 }, false, now)).toBe('dispatch-again');
    expect(remedyFor({ deadlineAt: null, epoch: 10 }, false, now)).toBe('give-up');
    expect(remedyFor({ deadlineAt: null, epoch: 10 }, true, now)).toBe('look-later');
  });

  it('ends what nobody waits for any more, queued or not', () => {
    expect(remedyFor({ deadlineAt: before(2_001), epoch: 1 }, true, now)).toBe('time-out');
    expect(remedyFor({ deadlineAt: before(2_001), epoch: 1 }, false, now)).toBe('time-out');
  });

  it('gives the replica that holds the caller two seconds to do so itself', () => {
    expect(remedyFor({ deadlineAt: before(1_999), epoch: 1 }, true, now)).toBe('look-later');
  });
});
