import type { ExecutionEventV1, ExecutionV1, StreamedEventsV1, StreamedEventV1 } from '@dspy-nest/contracts';
import { EXECUTION_EXAMPLE } from '../docs/examples';
import { ExecutionTimeline } from './execution-timeline';

const RUNNING: ExecutionV1 = { ...EXECUTION_EXAMPLE, stream: true, status: 'running', attempt: 1, outputs: null };
const endedAfter = (lastSequence: number | null, change: Partial<ExecutionV1> = {}): ExecutionV1 => ({
  ...EXECUTION_EXAMPLE,
  stream: true,
  lastSequence,
  ...change,
});

const token = (delta: string): StreamedEventV1 => ({ type: 'token', field: 'answer', delta });
const RESTARTED: StreamedEventV1 = { type: 'restarted', attempt: 2 };
const told = (first: number, ...events: StreamedEventV1[]): StreamedEventsV1 => ({ first, events });
const textOf = (events: readonly ExecutionEventV1[]): string[] =>
  events.map(({ sequence, type, delta }) => [sequence, delta ?? type].join(' '));

describe('ExecutionTimeline', () => {
  it('puts what is told between the beginning and the end', () => {
    const timeline = new ExecutionTimeline(0);
    const said = [
      ...timeline.see({ ...RUNNING, status: 'queued', attempt: 0 }),
      ...timeline.see(RUNNING),
      ...timeline.hear(told(3, token('a'), token('b'))),
      ...timeline.see(RUNNING),
      ...timeline.hear(told(5, { type: 'partial', field: 'tags', pointer: '/0', value: null })),
      ...timeline.see(endedAfter(5)),
    ];
    expect(textOf(said)).toEqual(['1 queued', '2 started', '3 a', '4 b', '5 partial', '6 outputs', '7 succeeded']);
    expect(said[4]).toEqual({ sequence: 5, type: 'partial', field: 'tags', pointer: '/0', value: null });
  });

  it('knows by the first token that it was begun', () => {
    expect(textOf(new ExecutionTimeline(0).hear(told(3, token('a'))))).toEqual(['1 queued', '2 started', '3 a']);
  });

  it('says what comes after a number only, also in the middle of a message', () => {
    const timeline = new ExecutionTimeline(4);
    expect(timeline.see(RUNNING)).toEqual([]);
    expect(textOf(timeline.hear(told(3, token('a'), token('b'), token('c'))))).toEqual(['5 c']);
    expect(timeline.hear(told(3, token('a')))).not.toContainEqual(expect.objectContaining({ sequence: 5 }));
  });

  it('says nothing of a text of which a part is gone, but of one that begins anew after it', () => {
    const timeline = new ExecutionTimeline(2);
    expect(timeline.hear(told(9, token('x')))).toEqual([]);
    expect(timeline.hear(told(10, token('y')))).toEqual([]);
    expect(textOf(timeline.hear(told(11, token('z'), RESTARTED, token('a'))))).toEqual(['12 restarted', '13 a']);
    expect(textOf(timeline.see(endedAfter(13)))).toEqual(['14 outputs', '15 succeeded']);
  });

  it('goes on for who has seen what is gone', () => {
    const timeline = new ExecutionTimeline(8);
    expect(textOf(timeline.hear(told(9, token('x'))))).toEqual(['9 x']);
    const within = new ExecutionTimeline(8);
    expect(textOf(within.hear(told(7, token('v'), token('w'), token('x'))))).toEqual(['9 x']);
  });

  it('says outputs and the end when all that was told is gone', () => {
    expect(textOf(new ExecutionTimeline(4).see(endedAfter(30)))).toEqual(['31 outputs', '32 succeeded']);
    expect(textOf(new ExecutionTimeline(0).see(endedAfter(30)))).toEqual([
      '1 queued',
      '2 started',
      '31 outputs',
      '32 succeeded',
    ]);
  });

  it.each([
    [endedAfter(null, { status: 'cancelled', attempt: 0, outputs: null }), ['1 queued', '2 cancelled']],
    [endedAfter(null, { status: 'timed_out', attempt: 1, outputs: null }), ['1 queued', '2 started', '3 timed_out']],
    [endedAfter(2), ['1 queued', '2 started', '3 outputs', '4 succeeded']],
  ])('numbers an end before which nothing was told', (execution, steps) =>
    expect(textOf(new ExecutionTimeline(0).see(execution))).toEqual(steps),
  );

  it('begins anew with a worker that knows nothing of what was told', () => {
    const live = new ExecutionTimeline(0);
    live.hear(told(3, token('a'), token('b'), token('c')));
    expect(textOf(live.hear(told(3, RESTARTED, token('d'))))).toEqual(['3 restarted', '4 d']);
    const resumed = new ExecutionTimeline(40);
    resumed.rewind(4);
    expect(textOf(resumed.hear(told(3, RESTARTED, token('d'))))).toEqual(['3 restarted', '4 d']);
    expect(textOf(new ExecutionTimeline(40).see(endedAfter(4)))).toEqual(['5 outputs', '6 succeeded']);
  });

  it('repeats nothing when it is read again from its beginning', () => {
    const timeline = new ExecutionTimeline(0);
    timeline.hear(told(3, token('a'), token('b')));
    timeline.rewind(5);
    expect(timeline.hear(told(3, token('a')))).toEqual([]);
    expect(textOf(timeline.hear(told(4, token('b'), token('c'))))).toEqual(['5 c']);
  });

  it('takes no end of tokens for one', () => {
    const timeline = new ExecutionTimeline(0);
    expect(timeline.hear(told(3))).toEqual([]);
    expect(textOf(timeline.see(endedAfter(null, { status: 'cancelled', attempt: 0, outputs: null })))).toEqual([
      '1 queued',
      '2 cancelled',
    ]);
  });
});
