import { ValidationFailedError } from './errors';
import { newContext, receivedContext } from './request-context';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = `00-${TRACE}-00f067aa0ba902b7-00`;

describe('newContext', () => {
  it('starts a trace for the default tenant', () => {
    const { tenant, traceparent, traceId, deadlineMs } = newContext();
    expect(tenant).toBe('default');
    expect(traceparent).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-00$`));
    expect(deadlineMs).toBeUndefined();
  });

  it('goes on with a trace: same id and flags, a span of its own', () => {
    const { traceparent, traceId } = newContext('acme', PARENT);
    expect(traceId).toBe(TRACE);
    expect(traceparent).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-00$`));
    expect(traceparent).not.toBe(PARENT);
  });

  it('reads a traceparent of a later version as far as it knows it', () => {
    expect(newContext('acme', `01-${TRACE}-00f067aa0ba902b7-01-more`).traceId).toBe(TRACE);
  });

  it.each([
    ['nothing', ''],
    ['upper case', PARENT.toUpperCase()],
    ['no trace id', `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`],
    ['no span id', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['the forbidden version', `ff-${TRACE}-00f067aa0ba902b7-01`],
    ['something before it', `x${PARENT}`],
  ])('starts anew when a traceparent has %s', (_name, traceparent) => {
    expect(newContext('acme', traceparent).traceId).not.toBe(TRACE);
  });

  it.each(['', 'Acme', 'a b', 'a.b', 'a>', 'x'.repeat(64)])('refuses the tenant "%s"', (tenant) => {
    expect(() => newContext(tenant)).toThrow(ValidationFailedError);
  });
});

describe('receivedContext', () => {
  it('keeps the span of who handed it on, and what else came with it', () => {
    expect(receivedContext('acme', PARENT, 5)).toEqual({
      tenant: 'acme',
      traceparent: PARENT,
      traceId: TRACE,
      deadlineMs: 5,
    });
  });

  it.each([undefined, '', 'nonsense'])('starts a trace when it came with %p', (traceparent) => {
    expect(receivedContext(undefined, traceparent)).toMatchObject({
      tenant: 'default',
      traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/) as string,
    });
  });

  it('refuses an impossible tenant', () => {
    expect(() => receivedContext('A', PARENT)).toThrow(ValidationFailedError);
  });
});
