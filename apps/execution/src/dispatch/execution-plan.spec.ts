import { ValidationFailedError } from '@dspy-nest/platform';
import { parseSignature } from '@dspy-nest/signature';
import { planExecution } from './execution-plan';

const signature = parseSignature('question: string -> answer: string', { name: 'Qa' });
const program = { adapter: 'auto', format: 'auto', config: {}, module: 'Predict', signature } as const;

describe('planExecution', () => {
  it('asks the bundled model in completion form and others in chat form', () => {
    expect(planExecution({ wait: true }, program, { format: 'completion' }).format).toBe('completion');
    expect(planExecution({ wait: true }, program, { format: 'auto' }).format).toBe('chat');
  });

  it('puts the call before the program and the program before the model', () => {
    const jsonProgram = { ...program, format: 'json' } as const;
    expect(planExecution({ wait: true }, jsonProgram, { format: 'completion' }).format).toBe('json');
    expect(planExecution({ wait: true, format: 'xml' }, jsonProgram, { format: 'completion' }).format).toBe('xml');
  });

  it('resolves the adapter and the default time limit', () => {
    expect(planExecution({ wait: true }, program, { format: 'auto' })).toEqual({
      adapter: 'python',
      format: 'chat',
      fallback: false,
      lane: 'interactive',
      timeoutMs: 60_000,
      limits: { connectMs: 5_000, firstTokenMs: 60_000, idleMs: 30_000, attemptMs: 120_000 },
      maxRetries: 2,
      record: true,
      stream: false,
      cacheTtlS: null,
    });
  });

  it.each(['multi', 'router'] as const)('keeps %s, which the call may ask for', (adapter) => {
    expect(planExecution({ wait: true, adapter }, program, { format: 'auto' }).adapter).toBe(adapter);
  });

  it('puts the limits of the call before those of the program, one by one', () => {
    const config = { timeoutMs: 9, maxRetries: 0, limits: { idleMs: 7, connectMs: 8 }, record: 'none' } as const;
    const limited = { ...program, config };
    expect(planExecution({ wait: true, limits: { idleMs: 3 } }, limited, { format: 'auto' })).toMatchObject({
      timeoutMs: 9,
      maxRetries: 0,
      limits: { connectMs: 8, firstTokenMs: 60_000, idleMs: 3, attemptMs: 120_000 },
      record: false,
    });
    expect(planExecution({ wait: true, timeoutMs: 5, maxRetries: 1 }, limited, { format: 'auto' })).toMatchObject({
      timeoutMs: 5,
      maxRetries: 1,
    });
  });

  it('tells tokens to who does not wait, to no batch, and to whoever asks', () => {
    const streams = (request: Parameters<typeof planExecution>[0]): boolean =>
      planExecution(request, program, { format: 'auto' }).stream;
    expect(streams({ wait: false })).toBe(true);
    expect(streams({ wait: true })).toBe(false);
    expect(streams({ wait: false, lane: 'batch' })).toBe(false);
    expect(streams({ wait: true, stream: true })).toBe(true);
    expect(streams({ wait: false, stream: false })).toBe(false);
  });

  it.each([
    ['says nothing', undefined, {}, null],
    ['wants none', false, { cache: { ttlSeconds: 60 } }, null],
    ['says nothing of a program with a cache', undefined, { cache: { ttlSeconds: 60 } }, 60],
    ['wants that of the program', true, { cache: { ttlSeconds: 60 } }, 60],
    ['wants one where the program has none', true, {}, 3_600],
  ])('keeps the answer of a call that %s', (_, cache, config, expected) => {
    const request = cache === undefined ? { wait: true } : { wait: true, cache };
    expect(planExecution(request, { ...program, config }, { format: 'auto' }).cacheTtlS).toBe(expected);
  });

  it('asks in JSON without a worker, and refuses that to what needs one', () => {
    const request = { wait: true, adapter: 'native' } as const;
    expect(planExecution(request, program, { format: 'completion' })).toMatchObject({
      adapter: 'native',
      format: 'json',
    });
    for (const change of [{ module: 'ReAct' }, { format: 'xml' }] as const) {
      expect(() => planExecution(request, { ...program, ...change }, { format: 'auto' })).toThrow(
        ValidationFailedError,
      );
    }
    const look = { ...program, signature: parseSignature('photo: list[image] -> answer', { name: 'Look' }) };
    expect(() => planExecution(request, look, { format: 'auto' })).toThrow(ValidationFailedError);
  });

  it('runs natively what may do without a worker while none lives', () => {
    const fallback = { ...program, config: { fallback: 'native' } } as const;
    const chat = { format: 'chat' } as const;
    expect(planExecution({ wait: true }, fallback, chat, true)).toMatchObject({
      adapter: 'native',
      format: 'json',
      fallback: true,
    });
    expect(planExecution({ wait: true }, fallback, chat, false)).toMatchObject({
      adapter: 'python',
      format: 'chat',
      fallback: true,
    });
  });

  it.each([
    ['says nothing of it', {}, {}],
    ['asks several models', { config: { fallback: 'native' } }, { adapter: 'multi' }],
    ['is called in another format', { config: { fallback: 'native' } }, { format: 'xml' }],
  ] as const)('leaves a program to the fleet that %s', (_what, change, call) => {
    const plan = planExecution({ wait: true, ...call }, { ...program, ...change }, { format: 'auto' }, true);
    expect(plan).toMatchObject({ fallback: false });
    expect(plan.adapter).not.toBe('native');
  });
});
