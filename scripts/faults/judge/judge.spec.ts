import type { Wish } from '../load/wish';
import { type Evidence, judge, type StoredExecution } from './judge';

const OUTPUTS = { echo: 'key-1', draw: '0.5' };

const wish = (more: Partial<Wish> = {}): Wish => ({
  key: 'key-1',
  waits: true,
  expected: 'succeeded',
  clients: 1,
  repeats: 0,
  refusals: [],
  accepted: new Set(['e1']),
  outcomes: [{ executionId: 'e1', status: 'succeeded', outputs: OUTPUTS }],
  ...more,
});
const stored = (more: Partial<StoredExecution> = {}): StoredExecution => ({
  id: 'e1',
  key: 'key-1',
  status: 'succeeded',
  outputs: OUTPUTS,
  errorCode: null,
  attempt: 1,
  ...more,
});
const evidence = (more: Partial<Evidence> = {}): Evidence => ({
  executions: [stored()],
  events: [{ eventId: 'e1:succeeded', executionId: 'e1', status: 'succeeded' }],
  jobsLeft: 0,
  eventsUnpublished: 0,
  ...more,
});
const rulesOf = (given: Wish, found: Evidence): string[] => judge([given], found).map(({ rule }) => rule);

describe('judge', () => {
  it('finds nothing wrong with one execution that ended once and was told so, also when its event came twice', () => {
    expect(judge([wish()], evidence())).toEqual([]);
    expect(rulesOf(wish(), evidence({ events: [...evidence().events, ...evidence().events] }))).toEqual([]);
  });

  it('finds an accepted execution that is not there', () => {
    expect(rulesOf(wish(), evidence({ executions: [], events: [] }))).toEqual(['lost']);
  });

  it('finds an execution that never ended, and a client that never learnt the end', () => {
    const open = evidence({ executions: [stored({ status: 'running', outputs: null })], events: [] });
    expect(rulesOf(wish({ outcomes: [] }), open)).toEqual(['unanswered', 'open']);
    expect(rulesOf(wish({ clients: 2 }), evidence())).toEqual(['unanswered']);
  });

  it('finds two executions for one key, stored or told', () => {
    const second = stored({ id: 'e2' });
    const ended = { eventId: 'e2:succeeded', executionId: 'e2', status: 'succeeded' };
    const two = evidence({ executions: [stored(), second], events: [...evidence().events, ended] });
    expect(rulesOf(wish(), two)).toEqual(['double-execution']);
    expect(rulesOf(wish({ accepted: new Set(['e1', 'e2']) }), two)).toEqual(['double-execution', 'double-execution']);
  });

  it('finds an outcome that was told otherwise than it is stored', () => {
    const told = { executionId: 'e1', status: 'succeeded', outputs: { ...OUTPUTS, draw: '0.7' } } as const;
    expect(rulesOf(wish({ outcomes: [told] }), evidence())).toEqual(['double-outcome']);
  });

  it('finds two ends of one execution, and an event that says another end', () => {
    const failed = { eventId: 'e1:failed', executionId: 'e1', status: 'failed' };
    expect(rulesOf(wish(), evidence({ events: [...evidence().events, failed] }))).toEqual(['double-outcome']);
    expect(rulesOf(wish(), evidence({ events: [failed] }))).toEqual(['double-outcome']);
  });

  it('finds an end without an event, unless the stream itself was put back', () => {
    expect(rulesOf(wish(), evidence({ events: [] }))).toEqual(['no-event']);
    expect(judge([wish()], evidence({ events: [] }), { eventsMayBeLost: true })).toEqual([]);
  });

  it('finds an end that nobody expected, and the answer to the input of another', () => {
    const failed = stored({ status: 'failed', outputs: null, errorCode: 'internal' });
    const said = { executionId: 'e1', status: 'failed', outputs: null } as const;
    const event = { eventId: 'e1:failed', executionId: 'e1', status: 'failed' };
    const ended = evidence({ executions: [failed], events: [event] });
    expect(rulesOf(wish({ outcomes: [said] }), ended)).toEqual(['unexpected-end']);
    expect(judge([wish({ outcomes: [said], expected: 'failed' })], ended)).toEqual([]);
    const foreign = { echo: 'key-2', draw: '0.5' };
    const mixedUp = evidence({ executions: [stored({ outputs: foreign })] });
    const told = { executionId: 'e1', status: 'succeeded', outputs: foreign } as const;
    expect(rulesOf(wish({ outcomes: [told] }), mixedUp)).toEqual(['foreign-answer']);
  });

  it('finds a refusal, and what is left in the queue and the outbox', () => {
    const refused = wish({ refusals: ['422 idempotency_key_reused'] });
    expect(rulesOf(refused, evidence({ jobsLeft: 1, eventsUnpublished: 2 }))).toEqual([
      'refused',
      'left-over',
      'left-over',
    ]);
  });
});
