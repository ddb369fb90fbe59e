import { nativeRefusals } from '@dspy-nest/contracts';
import { ValidationFailedError } from '@dspy-nest/platform';
import { parseSignature } from '@dspy-nest/signature';
import type { Candidate } from './candidate';
import { type ExecutionPlan, planExecution } from './execution-plan';

const signature = parseSignature('question: string -> answer: string', { name: 'Qa' });
const program = { adapter: 'auto', format: 'auto', config: {}, module: 'Predict', signature } as const;

const fleet = { name: 'python' };
const native = {
  name: 'native',
  format: 'json',
  refusals: nativeRefusals,
  run: () => Promise.reject(new Error()),
} as const;

type Request = Parameters<typeof planExecution>[0];

const plan = (
  request: Request,
  of: Candidate['program'],
  model: Candidate['model'],
  change: Partial<Candidate> = {},
  isFleetDead = false,
): ExecutionPlan =>
  planExecution(request, { program: of, model, adapter: fleet, ensemble: null, ...change }, isFleetDead);

describe('planExecution', () => {
  it('asks the bundled model in completion form and others in chat form', () => {
    expect(plan({ wait: true }, program, { format: 'completion' }).format).toBe('completion');
    expect(plan({ wait: true }, program, { format: 'auto' }).format).toBe('chat');
  });

  it('puts the call before the program and the program before the model', () => {
    const jsonProgram = { ...program, format: 'json' } as const;
    expect(plan({ wait: true }, jsonProgram, { format: 'completion' }).format).toBe('json');
    expect(plan({ wait: true, format: 'xml' }, jsonProgram, { format: 'completion' }).format).toBe('xml');
  });

  it('takes the name of the adapter and the default time limit', () => {
    expect(plan({ wait: true }, program, { format: 'auto' })).toEqual({
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

  it('puts the limits of the call before those of the program, one by one', () => {
    const config = { timeoutMs: 9, maxRetries: 0, limits: { idleMs: 7, connectMs: 8 }, record: 'none' } as const;
    const limited = { ...program, config };
    expect(plan({ wait: true, limits: { idleMs: 3 } }, limited, { format: 'auto' })).toMatchObject({
      timeoutMs: 9,
      maxRetries: 0,
      limits: { connectMs: 8, firstTokenMs: 60_000, idleMs: 3, attemptMs: 120_000 },
      record: false,
    });
    expect(plan({ wait: true, timeoutMs: 5, maxRetries: 1 }, limited, { format: 'auto' })).toMatchObject({
      timeoutMs: 5,
      maxRetries: 1,
    });
  });

  it('tells tokens to who does not wait, to no batch, and to whoever asks', () => {
    const streams = (request: Request): boolean => plan(request, program, { format: 'auto' }).stream;
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
    expect(plan(request, { ...program, config }, { format: 'auto' }).cacheTtlS).toBe(expected);
  });

  it('asks in JSON without a worker, and refuses that to what needs one', () => {
    const request = { wait: true };
    expect(plan(request, program, { format: 'completion' }, { adapter: native })).toMatchObject({
      adapter: 'native',
      format: 'json',
    });
    for (const change of [{ module: 'ReAct' }, { format: 'xml' }] as const) {
      expect(() => plan(request, { ...program, ...change }, { format: 'auto' }, { adapter: native })).toThrow(
        ValidationFailedError,
      );
    }
    const look = { ...program, signature: parseSignature('photo: list[image] -> answer', { name: 'Look' }) };
    expect(() => plan(request, look, { format: 'auto' }, { adapter: native })).toThrow(ValidationFailedError);
  });

  it('runs natively what may do without a worker while none lives', () => {
    const fallback = { ...program, config: { fallback: 'native' } } as const;
    const chat = { format: 'chat' } as const;
    const dead = { adapter: 'native', format: 'json', fallback: true };
    expect(plan({ wait: true }, fallback, chat, {}, true)).toMatchObject(dead);
    expect(plan({ wait: true }, fallback, chat)).toMatchObject({ adapter: 'python', format: 'chat', fallback: true });
  });

  const ensemble = { strategy: 'first', fields: [], models: [] } as const;
  it.each([
    ['says nothing of it', {}, {}, {}],
    ['asks several models', { config: { fallback: 'native' } }, {}, { ensemble }],
    ['is called in another format', { config: { fallback: 'native' } }, { format: 'xml' }, {}],
  ] as const)('leaves a program to the fleet that %s', (_what, change, call, found) => {
    const planned = plan({ wait: true, ...call }, { ...program, ...change }, { format: 'auto' }, found as object, true);
    expect(planned).toMatchObject({ adapter: 'python', fallback: false });
  });
});
