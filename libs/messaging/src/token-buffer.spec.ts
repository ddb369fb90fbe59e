import type { StreamedEventV1 } from '@dspy-nest/contracts';
import { TokenBuffer } from './token-buffer';

const token = (field: string, delta: string): StreamedEventV1 => ({ type: 'token', field, delta });
const filled = (...events: StreamedEventV1[]): TokenBuffer => {
  const buffer = new TokenBuffer();
  for (const event of events) buffer.add(event);
  return buffer;
};

describe('TokenBuffer', () => {
  it('puts text of one output together, in the order in which it was told', () => {
    const buffer = filled(token('a', '1'), token('a', '2'), token('b', '3'), token('a', '4'));
    expect(buffer.take()).toEqual([token('a', '12'), token('b', '3'), token('a', '4')]);
    expect(buffer.take()).toEqual([]);
  });

  it('forgets what is to be forgotten', () => {
    const restarted: StreamedEventV1 = { type: 'restarted', attempt: 1 };
    expect(filled(token('a', '1'), restarted, token('a', '2')).take()).toEqual([restarted, token('a', '2')]);
  });

  it('parts a long text, but no pair of surrogates', () => {
    const text = `${'x'.repeat(63_999)}\u{1F600}${'y'.repeat(70_000)}`;
    const buffer = filled(token('a', text));
    const deltas = [buffer.take(), buffer.take(), buffer.take()].map(([event]) => event?.delta ?? '');
    expect(deltas.map(({ length }) => length)).toEqual([63_999, 64_000, 6_002]);
    expect(deltas.join('')).toBe(text);
    expect(buffer.take()).toEqual([]);
  });

  it('keeps a million characters of parts of values at most, and all text', () => {
    const partial: StreamedEventV1 = { type: 'partial', field: 'a', pointer: '/0', value: 'v'.repeat(50_000) };
    const buffer = filled(...Array.from({ length: 100 }, () => partial), token('b', 'text'));
    const taken = Array.from({ length: 200 }, () => buffer.take()).flat();
    expect(taken.filter(({ type }) => type === 'partial')).toHaveLength(20);
    expect(taken.at(-1)).toEqual(token('b', 'text'));
  });
});
