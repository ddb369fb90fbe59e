import { InternalError, newContext } from '@dspy-nest/platform';
import { headers } from '@nats-io/transport-node';
import { contextFromHeaders, contextHeaders, encodeData, encodeError } from './wire-form';

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
