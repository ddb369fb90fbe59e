import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { eventually } from '@dspy-nest/testing';
import { SseBody, type SseEvent } from './sse-body';

const SOON = { heartbeatMs: 5, stallMs: 20 };

/** A source that gives these events, then waits unless it is to end. */
function source(events: readonly SseEvent[], { ends = true } = {}): AsyncIterator<SseEvent> & { closed: number } {
  const left = [...events];
  return {
    closed: 0,
    next(): Promise<IteratorResult<SseEvent>> {
      const value = left.shift();
      if (value !== undefined) return Promise.resolve({ value, done: false });
      return ends ? Promise.resolve({ value: undefined, done: true }) : new Promise(() => {});
    },
    return() {
      this.closed += 1;
      return Promise.resolve({ value: undefined, done: true as const });
    },
  };
}
const event = (id: number, data: unknown = id): SseEvent => ({ id, event: 'moved', data });

describe('SseBody', () => {
  it('writes events as EventSource reads them, and ends with its source', async () => {
    const events = source([event(1, { a: 'x\ny' }), { id: 2, event: 'odd\ntype', data: null }]);
    expect(await text(new SseBody(events, () => undefined))).toBe(
      'retry: 2000\n\nid: 1\nevent: moved\ndata: {"a":"x\\ny"}\n\nid: 2\nevent: odd type\ndata: null\n\n',
    );
    expect(events.closed).toBe(1);
  });

  it('writes only the number where that is all there is', async () => {
    expect(await text(new SseBody(source([{ id: 7 }]), () => undefined))).toBe('retry: 2000\n\nid: 7\n\n');
  });

  it('says that it lives while nothing happens', async () => {
    const body = new SseBody(source([], { ends: false }), () => undefined, SOON);
    let seen = '';
    body.on('data', (chunk: Buffer) => (seen += chunk.toString()));
    await eventually(() => expect(seen).toContain(': \n\n: \n\n'));
    body.destroy();
  });

  it('takes no more from its source than a slow client has room for, and gives it up in the end', async () => {
    let slow = 0;
    const large = Array.from({ length: 1_000 }, (_, index) => event(index, 'x'.repeat(10_000)));
    const events = source(large);
    const body = new SseBody(events, () => (slow += 1), SOON);
    body.read(0);
    await once(body, 'close');
    expect([slow, events.closed]).toEqual([1, 1]);
    expect(body.readableLength).toBeLessThan(200_000);
  });

  it('ends early when asked to, after what it has taken', async () => {
    const body = new SseBody(source([event(1)], { ends: false }), () => undefined);
    const [first] = (await once(
      body.on('data', () => undefined),
      'data',
    )) as [Buffer];
    body.finish();
    await once(body, 'close');
    expect(first.toString()).toContain('retry');
  });

  it('ends when its source fails', async () => {
    const events = source([]);
    events.next = () => Promise.reject(new Error('away'));
    expect(await text(new SseBody(events, () => undefined))).toBe('retry: 2000\n\n');
  });
});
