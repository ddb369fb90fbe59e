import { ForbiddenError } from '../http/http.errors';
import { refuseForeignCaller } from './host-guard';

describe('refuseForeignCaller', () => {
  it('lets a local caller with and without an origin through', () => {
    expect(() => refuseForeignCaller({ host: 'localhost:4000' })).not.toThrow();
    expect(() => refuseForeignCaller({ host: '127.0.0.1:4000', origin: 'http://localhost:5173' })).not.toThrow();
  });

  it.each([
    { host: undefined },
    { host: 'rebound.example.com:4000' },
    { host: 'localhost:4000', origin: 'https://evil.example.com' },
    { host: 'localhost:4000', origin: 'null' },
  ])('refuses %j with a remedy', (headers) => {
    expect(() => refuseForeignCaller(headers)).toThrow(ForbiddenError);
    expect(() => refuseForeignCaller(headers)).toThrow(/use localhost, 127\.0\.0\.1 or \[::1\]/);
  });
});
