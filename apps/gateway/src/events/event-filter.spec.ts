import { cloudEvent } from '@dspy-nest/platform';
import { passes } from './event-filter';

const event = cloudEvent(
  { tenant: 'default' },
  {
    source: 'execution',
    type: 'execution.execution.failed.v1',
    subject: 'e1',
    data: { program: 'qa', status: 'failed' },
  },
);

describe('passes', () => {
  it.each([
    [{}, true],
    [{ type: ['execution.execution.failed.v1'] }, true],
    [{ type: ['other'] }, false],
    [{ subject: ['e0', 'e1'] }, true],
    [{ program: ['qa'], status: ['failed', 'cancelled'] }, true],
    [{ program: ['qa'], status: ['succeeded'] }, false],
    [{ program: [] }, false],
  ])('by %j', (filter, isWanted) => expect(passes(filter, event)).toBe(isWanted));

  it('takes an event without data for one that has no member', () => {
    expect(passes({ program: ['qa'] }, { ...event, data: null })).toBe(false);
  });
});
