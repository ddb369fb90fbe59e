import { isOutage } from './outages';

const coded = (code: string, more: object = {}): Error => Object.assign(new Error('text'), { code, ...more });

describe('isOutage', () => {
  it.each(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', '57P01', '57P03', '08006', '53300'])('is one: %s', (code) => {
    expect(isOutage(coded(code))).toBe(true);
  });

  it.each(['23505', '22P05', '42601', '57014', 'ENOENT'])('is none: %s', (code) => {
    expect(isOutage(coded(code))).toBe(false);
  });

  it('knows a connection that Postgres closed, for which its driver has no code', () => {
    expect(isOutage(new Error('Connection terminated unexpectedly'))).toBe(true);
    expect(isOutage(new Error('Client has encountered a connection error and is not queryable'))).toBe(true);
    expect(isOutage(new Error('timeout exceeded when trying to connect'))).toBe(true);
    expect(isOutage(new Error('Query runner already released. Cannot run queries anymore.'))).toBe(true);
  });

  it('looks at what caused an error', () => {
    expect(isOutage(coded('wrapped', { driverError: coded('57P01') }))).toBe(true);
    expect(isOutage(new Error('outer', { cause: coded('ECONNREFUSED') }))).toBe(true);
    const circle = new Error('circle');
    circle.cause = circle;
    expect(isOutage(circle)).toBe(false);
  });

  it('is none when it is no error at all', () => {
    expect(isOutage('ECONNREFUSED')).toBe(false);
    expect(isOutage(undefined)).toBe(false);
  });
});
