import { Duplex } from 'node:stream';
import type { Socket } from 'node:net';
import { answerClientError } from './client-error';

function answerTo(code: string): string {
  const written: string[] = [];
  const socket = new Duplex({
    read: () => undefined,
    write: (chunk: Buffer, _encoding, done) => {
      written.push(chunk.toString());
      done();
    },
  });
  answerClientError(Object.assign(new Error('parse error'), { code }), socket as Socket);
  return written.join('');
}

describe('answerClientError', () => {
  it.each([
    ['HPE_HEADER_OVERFLOW', 431],
    ['ERR_HTTP_REQUEST_TIMEOUT', 408],
    ['HPE_INVALID_METHOD', 400],
  ])('answers %s with a problem of status %i', (code, status) => {
    const [head, body] = answerTo(code).split('\r\n\r\n');
    expect(head).toContain(`HTTP/1.1 ${status} `);
    expect(head).toContain('content-type: application/problem+json');
    expect(JSON.parse(body!)).toMatchObject({ status, code: 'malformed_request' });
  });

  it('says nothing to who has gone', () => expect(answerTo('ECONNRESET')).toBe(''));
});
