import { InternalError, newContext } from '@dspy-nest/platform';
import { headers } from '@nats-io/transport-node';
import { contextFromHeaders, contextHeaders, encodeData, encodeError, publicContext } from './wire-form';

describe('the headers', () => {
  it('carry a context whole: its span stays the parent of what is done for it', () => {
    const ctx = { ...newContext('acme', undefined, 1_800_000_000_000), idempotencyKey: 'k' };
    expect(contextFromHeaders(contextHeaders(ctx))).toEqual(ctx);
  });

  it('may be missing, all or some', () => {
    expect(contextFromHeaders(undefined).tenant).toBe('default');
    expect(contextFromHeaders(headers())).toMatchObject({ tenant: 'default' });
  });

  it.each(['', 'soon', '-1', 'NaN', 'Infinity'])('with the deadline "%s" have none', (deadline) => {
    const hdrs = headers();
    hdrs.set('dspy-deadline-ms', deadline);
    expect(contextFromHeaders(hdrs).deadlineMs).toBeUndefined();
  });
});

describe('a public request', () => {
  it('is of the tenant of its subject, whatever its headers say', () => {
    const sent = { ...newContext('other'), idempotencyKey: 'k' };
    expect(publicContext('dspy.req.acme.a.b.c.v1', contextHeaders(sent))).toEqual({ ...sent, tenant: 'acme' });
    expect(publicContext('dspy.req.acme.a.b.c.v1', undefined).tenant).toBe('acme');
  });

  it('is refused without a possible tenant, or under an impossible key', () => {
    expect(() => publicContext('dspy.req', undefined)).toThrow(/A tenant is/);
    for (const idempotencyKey of ['a b', 'x'.repeat(256), 'é']) {
      const hdrs = contextHeaders({ ...newContext(), idempotencyKey });
      expect(() => publicContext('dspy.req.acme.a.b.c.v1', hdrs)).toThrow(/visible ASCII/);
    }
  });
});

describe('a reply', () => {
  it.each([
    [{ n: 1 }, '{"ok":true,"data":{"n":1}}'],
    [0, '{"ok":true,"data":0}'],
    [undefined, '{"ok":true,"data":null}'],
  ])('with %p is %s', (data, text) => {
    expect(encodeData(data)).toBe(text);
  });

  it('with an error has its wire form, made once', () => {
    const error = { code: 'internal', message: 'No.', retryable: false, details: {} };
    expect(JSON.parse(encodeError(new InternalError('No.')))).toEqual({ ok: false, error });
    expect(JSON.parse(encodeError(error))).toEqual({ ok: false, error });
  });

  it('never tells what an unknown error says, also when Nest has wrapped it', () => {
    for (const error of [new Error('hunter2'), { status: 'error', message: 'hunter2' }, 'hunter2']) {
      expect(encodeError(error)).not.toContain('hunter2');
    }
  });
});
