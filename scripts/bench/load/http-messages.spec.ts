import { HttpMessages, statusOf } from './http-messages';

const answer = (body: string) => `HTTP/1.1 200 OK\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

describe('HttpMessages', () => {
  it('puts a message together from any pieces', () => {
    const bytes = Buffer.from(`${answer('{"a":"ä"}')}${answer('')}`);
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      const messages = new HttpMessages();
      const found = [...messages.take(bytes.subarray(0, cut)), ...messages.take(bytes.subarray(cut))];
      expect(found.map(({ body }) => body)).toEqual(['{"a":"ä"}', '']);
    }
  });

  it('waits for the last chunk of a chunked answer', () => {
    const messages = new HttpMessages();
    expect(messages.take(Buffer.from('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nhi\r\n'))).toEqual([]);
    expect(messages.take(Buffer.from('0\r\n\r\n'))[0]?.body).toBe('2\r\nhi\r\n0\r\n\r\n');
  });

  it('reads requests without a body', () => {
    const [first] = new HttpMessages().take(Buffer.from('GET /x HTTP/1.1\r\nHost: a\r\n\r\n'));
    expect(first).toEqual({ head: 'GET /x HTTP/1.1\r\nHost: a', body: '' });
  });

  it('refuses an answer whose end it cannot know', () => {
    expect(() => new HttpMessages().take(Buffer.from('HTTP/1.1 200 OK\r\n\r\n'))).toThrow('neither its length');
  });

  it('knows the status', () => {
    expect(statusOf({ head: 'HTTP/1.1 429 Too Many Requests\r\nA: b', body: '' })).toBe(429);
  });
});
