import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { swallowBody } from './unread-body';

const swallow = (body: PassThrough, limits?: object): Promise<void> =>
  swallowBody(body as unknown as IncomingMessage, limits);

describe('swallowBody', () => {
  it('reads to the end', async () => {
    const body = new PassThrough();
    const swallowed = swallow(body);
    body.write('some');
    body.end('more');
    await swallowed;
    expect(body.readableEnded).toBe(true);
  });

  it('stops at the limit', async () => {
    const body = new PassThrough();
    body.write('x'.repeat(100));
    await swallow(body, { maxBytes: 99 });
    expect(body.readableEnded).toBe(false);
  });

  it('does not wait for who sends nothing', async () => {
    const body = new PassThrough();
    await swallow(body, { timeoutMs: 5 });
    expect(body.readableEnded).toBe(false);
  });

  it('ends with the connection', async () => {
    const body = new PassThrough();
    const swallowed = swallow(body);
    body.destroy();
    await expect(swallowed).resolves.toBeUndefined();
    await expect(swallow(body)).resolves.toBeUndefined();
  });
});
