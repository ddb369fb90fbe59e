import { createLogger, NestLogger, type Logger } from './logging';
import { UnexpectedFailure } from './unexpected-failure';

let lines: string[];
let logger: Logger;

beforeEach(() => {
  lines = [];
  logger = createLogger('test', 'trace', { write: (line: string) => void lines.push(line) });
});

const record = (): Record<string, unknown> => {
  expect(lines).toHaveLength(1);
  return JSON.parse(lines[0] ?? '') as Record<string, unknown>;
};

describe('the log', () => {
  it('is one JSON object a line with time, level, service and message', () => {
    logger.info({ traceId: 'abc', n: 1 }, 'Ready.');
    expect(record()).toEqual({
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string,
      level: 'info',
      service: 'test',
      traceId: 'abc',
      n: 1,
      msg: 'Ready.',
    });
    expect(lines[0]).toMatch(/^[^\n]*\n$/);
  });

  it.each([
    'apiKey',
    'api_key',
    'authorization',
    'Authorization',
    'password',
    'secretKey',
    'token',
    'cookie',
    'DSPY_NEST_SECRET_KEY',
    'DSPY_NEST_LM_API_KEY',
  ])('hides %s at any depth', (name) => {
    logger.info({ [name]: 'hunter2', deep: { list: [{ [name]: 'hunter2' }] } }, 'x');
    expect(lines[0]).not.toContain('hunter2');
    expect(record()[name]).toBe('[redacted]');
  });

  it('keeps counts of tokens, which are no secrets', () => {
    logger.info({ promptTokens: 12, maxTokens: 5 }, 'x');
    expect(record()).toMatchObject({ promptTokens: 12, maxTokens: 5 });
  });

  it('hides user and password of a URL, also within texts and errors', () => {
    const url = 'postgres://u:hunter2@db:5432/x';
    logger.error({ err: new Error(`cannot reach ${url}`), url }, `lost ${url}`);
    expect(lines[0]).not.toContain('hunter2');
    expect(record()).toMatchObject({ url: 'postgres://***@db:5432/x', msg: 'lost postgres://***@db:5432/x' });
  });

  it('leaves out what callers sent', () => {
    logger.info({ inputs: { text: 'private' }, job: { outputs: { text: 'private' } } }, 'x');
    expect(lines[0]).not.toContain('private');
  });

  it('shows an error with its causes', () => {
    const cause = Object.assign(new TypeError('below'), { code: 'E1', apiKey: 'hunter2' });
    logger.error({ err: new Error('above', { cause }) }, 'x');
    expect(record()).toMatchObject({
      err: {
        type: 'Error',
        message: 'above',
        stack: expect.any(String) as string,
        cause: { type: 'TypeError', message: 'below', code: 'E1' },
      },
    });
    expect(lines[0]).not.toContain('hunter2');
  });

  it('stays small and finite whatever it is given', () => {
    const endless: Record<string, unknown> = {
      text: 'x'.repeat(100_000),
      list: Array.from({ length: 1_000 }, (_, n) => n),
      big: 1n,
    };
    endless.self = endless;
    logger.info(endless, 'x');
    expect(lines[0]?.length).toBeLessThan(20_000);
    expect(record()).toMatchObject({ big: '1' });
  });
});

describe('Nest’s messages', () => {
  it('come with the class they are from, chatter as debug', () => {
    new NestLogger(logger).log('Mapped route', 'RouterExplorer');
    expect(record()).toMatchObject({ level: 'debug', context: 'RouterExplorer', msg: 'Mapped route' });
  });

  it('keep an error with its cause', () => {
    new NestLogger(logger).error(new Error('above', { cause: new Error('below') }), 'Handler');
    expect(record()).toMatchObject({
      level: 'error',
      context: 'Handler',
      msg: 'above',
      err: { cause: { message: 'below' } },
    });
  });

  it('name the trace of what failed unexpectedly', () => {
    new NestLogger(logger).error(new UnexpectedFailure('It failed.', 'abc', new Error('below')), 'Handler');
    expect(record()).toMatchObject({ level: 'error', traceId: 'abc', msg: 'It failed.', err: { message: 'below' } });
  });

  it('keep a stack given as text', () => {
    new NestLogger(logger).error('broken', 'Error: broken\n at x', 'Handler');
    expect(record()).toMatchObject({
      level: 'error',
      context: 'Handler',
      msg: 'broken',
      stack: 'Error: broken\n at x',
    });
  });

  it('that are objects are hidden like all else', () => {
    new NestLogger(logger).warn({ apiKey: 'hunter2' }, 'Handler');
    expect(record()).toMatchObject({ level: 'warn', msg: '{"apiKey":"[redacted]"}' });
  });
});
