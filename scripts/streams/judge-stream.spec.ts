import { faultsOfRest, faultsOfStream, type StreamEvent } from './judge-stream';

const RECORDED = {
  program: 'qa',
  format: 'chat',
  answers: [['a', 'b']],
  told: [
    ['token', 'answer', ''],
    ['token', 'answer', 'a'],
    ['partial', 'tags', '/0', 7],
  ],
  outputs: { answer: 'a' },
} as const;
const event = (id: number, type: string, data: object = {}): StreamEvent => ({ id, type, data: { ...data } });
const EVENTS = [
  event(1, 'queued'),
  event(2, 'started', { attempt: 1 }),
  event(3, 'token', { field: 'answer', delta: 'a' }),
  event(4, 'partial', { field: 'tags', pointer: '/0', value: 7 }),
  event(5, 'outputs', { outputs: { answer: 'a' } }),
  event(6, 'succeeded', { execution: {} }),
];

describe('faultsOfStream', () => {
  it('finds nothing where all is as it was recorded', () => {
    expect(faultsOfStream(RECORDED, EVENTS)).toEqual([]);
  });

  it.each<[string, StreamEvent[], RegExp]>([
    ['a token', EVENTS.toSpliced(2, 1), /its ids do not/],
    ['a number', EVENTS.map((one) => ({ ...one, id: one.id + 1 })), /its ids do not/],
    ['its end', EVENTS.slice(0, 5), /it has queued, started, token, partial, outputs/],
    [
      'the same text',
      EVENTS.with(2, event(3, 'token', { field: 'answer', delta: 'b' })),
      /it tells \[\["token","answer","b"\]/,
    ],
    ['its outputs', EVENTS.with(4, event(5, 'outputs', { outputs: {} })), /its outputs are \{\} instead/],
  ])('finds that %s is missing', (_, events, fault) => {
    expect(faultsOfStream(RECORDED, events).join(' ')).toMatch(fault);
  });
});

describe('faultsOfRest', () => {
  it('finds nothing in exactly the rest', () => {
    for (let after = 0; after <= 6; after += 1) expect(faultsOfRest(EVENTS, after, EVENTS.slice(after))).toEqual([]);
  });

  it.each([
    ['less', EVENTS.slice(4)],
    ['more', EVENTS.slice(2)],
    ['others', [event(4, 'status'), ...EVENTS.slice(4)]],
  ])('finds %s', (_, rest) => {
    expect(faultsOfRest(EVENTS, 3, rest)).toHaveLength(1);
  });
});
