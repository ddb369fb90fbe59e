import { runOrder } from './run-order';

const held = { status: 'running', epoch: 1, attempt: 2, worker: 'w2' } as const;
const told = { epoch: 1, attempt: 2, worker: 'w2' };

describe('runOrder', () => {
  it.each([
    ['the attempt that is held', {}, {}, 'go_on'],
    ['the first word of any', { status: 'queued', attempt: 0, worker: null }, { attempt: 1 }, 'go_on'],
    ['a worker that begins anew', {}, { attempt: 3, worker: 'w3' }, 'go_on'],
    ['a run that is to stop', { status: 'stopping' }, {}, 'stop'],
    ['an attempt before', {}, { attempt: 1, worker: 'w1' }, 'drop'],
    ['another worker in the same attempt', {}, { worker: 'w3' }, 'drop'],
    ['a dispatch before', { epoch: 2 }, {}, 'drop'],
    ['a run that was cancelled', { status: 'cancelled' }, {}, 'drop'],
    ['a run whose candidate is judged', { status: 'judging' }, {}, 'drop'],
    ['a run that has ended', { status: 'completed' }, {}, 'drop'],
  ] as const)('of %s', (_, change, other, order) => {
    expect(runOrder({ ...held, ...change }, { ...told, ...other })).toBe(order);
  });
});
