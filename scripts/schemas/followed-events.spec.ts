import { faultsOf } from './followed-events';

const follow = (...events: [number, string][]) => ({
  name: 's1',
  ended: undefined,
  events: events.map(([sequence, subject]) => ({ sequence, subject })),
});

describe('faultsOf', () => {
  it('finds none when each event came once, in order, also those of other executions', () => {
    expect(faultsOf(follow([3, 'warm-up'], [5, 'a'], [9, 'b']), ['b', 'a'])).toEqual([]);
  });

  it.each([
    [follow([5, 'a']), 's1 did not get the event of b'],
    [follow([5, 'a'], [6, 'b'], [7, 'a']), 's1 got the event of a twice'],
    [follow([6, 'b'], [5, 'a']), 's1 got event 5 after 6'],
    [{ ...follow([5, 'a'], [6, 'b']), ended: '1006' }, 's1 ended: 1006'],
  ])('finds what is wrong', (followed, fault) => expect(faultsOf(followed, ['a', 'b'])).toEqual([fault]));
});
