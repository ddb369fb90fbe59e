import { parseSignature } from '@dspy-nest/signature';
import { checkNative } from './check-native';

const signature = parseSignature('question -> answer', { name: 'Ask' });
const program = { signature, module: 'Predict', format: 'auto', adapter: 'auto', config: {} } as const;
const fallback = { config: { fallback: 'native' } } as const;

describe('checkNative', () => {
  it.each([
    ['that needs no worker', { adapter: 'native' } as const],
    ['that may do without one', fallback],
    ['that chooses a model and may do without a worker', { ...fallback, adapter: 'router' } as const],
    ['that needs a worker and says so', { module: 'ReAct', format: 'xml' } as const],
  ])('takes a program %s', (_what, change) => {
    expect(() => checkNative({ ...program, ...change })).not.toThrow();
  });

  it.each([
    ['/module', { module: 'ReAct' } as const],
    ['/format', { format: 'chat' } as const],
    ['/signature', { signature: parseSignature('photo: image -> answer', { name: 'Look' }) }],
    ['/config/fallback', { adapter: 'multi' } as const],
  ])('names %s as what keeps a program from falling back, and what to do', (pointer, change) => {
    let details: unknown;
    try {
      checkNative({ ...program, ...fallback, ...change });
    } catch (error) {
      ({ details } = error as { details: unknown });
    }
    const hint = expect.stringContaining('leave "config.fallback" out') as string;
    expect(details).toEqual({ errors: [expect.objectContaining({ pointer, code: 'not_native', hint })] });
  });
});
