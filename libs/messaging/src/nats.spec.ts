import { connectionOptions } from './nats';

describe('connectionOptions', () => {
  it('takes user and password out of the URL', () => {
    expect(connectionOptions('nats://u:p%40ss%2Fword@db.example:4223', 'shop')).toMatchObject({
      servers: 'nats://db.example:4223',
      name: 'shop',
      user: 'u',
      pass: 'p@ss/word',
    });
  });

  it('takes a lone user as a token', () => {
    const { token, user, servers } = connectionOptions('nats://s3cr3t@db.example:4222', 'shop');
    expect([token, user, servers]).toEqual(['s3cr3t', undefined, 'nats://db.example:4222']);
  });

  it('asks for TLS by its scheme only', () => {
    expect(connectionOptions('tls://db.example:4222', 'shop').tls).toEqual({});
    expect(connectionOptions('nats://db.example:4222', 'shop').tls).toBeUndefined();
  });

  it('never gives up a lost server', () => {
    const {
      maxReconnectAttempts,
      reconnectTimeWait = 0,
      reconnectJitter = 0,
    } = connectionOptions('nats://db:4222', 'shop');
    expect(maxReconnectAttempts).toBe(-1);
    expect(reconnectTimeWait + reconnectJitter).toBeLessThanOrEqual(1_000);
  });
});
