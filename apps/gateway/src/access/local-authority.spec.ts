import fc from 'fast-check';
import { isLocalAuthority, isLocalOrigin, isLoopbackHost } from './local-authority';

describe('isLocalAuthority', () => {
  it.each(['localhost', 'LOCALHOST:4000', '127.0.0.1', '127.0.0.1:80', '127.255.3.4:1', '[::1]', '[::1]:4000'])(
    'lets %s in',
    (authority) => expect(isLocalAuthority(authority)).toBe(true),
  );

  it.each([
    '',
    'example.com',
    'localhost.example.com',
    'example.com:127',
    '127.0.0.1.example.com',
    '127.0.0.256',
    '128.0.0.1',
    '0.0.0.0',
    '10.0.0.1:4000',
    '[::2]',
    '[::ffff:7f00:1]',
    'localhost@example.com',
    'localhost:4000:5',
    'localhost/evil',
  ])('keeps "%s" out', (authority) => expect(isLocalAuthority(authority)).toBe(false));

  it('accepts the whole of 127.0.0.0/8 and nothing beside it', () => {
    const byte = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(byte, byte, byte, byte, (a, b, c, d) => {
        expect(isLoopbackHost(`${a}.${b}.${c}.${d}`)).toBe(a === 127);
      }),
    );
  });
});

describe('isLocalOrigin', () => {
  it.each(['http://localhost:4000', 'https://127.0.0.1', 'http://[::1]:3000'])('lets %s in', (origin) =>
    expect(isLocalOrigin(origin)).toBe(true),
  );

  it.each(['null', 'http://example.com', 'https://localhost.example.com', 'file://localhost', 'localhost:4000'])(
    'keeps %s out',
    (origin) => expect(isLocalOrigin(origin)).toBe(false),
  );
});
