import { UnsupportedOptionError } from './dispatch.errors';
import { planExecution } from './execution-plan';

const program = { adapter: 'auto', format: 'auto' } as const;

describe('planExecution', () => {
  it('asks the bundled model in completion form and others in chat form', () => {
    expect(planExecution({}, program, { format: 'completion' }).format).toBe('completion');
    expect(planExecution({}, program, { format: 'auto' }).format).toBe('chat');
  });

  it('puts the call before the program and the program before the model', () => {
    const jsonProgram = { adapter: 'auto', format: 'json' } as const;
    expect(planExecution({}, jsonProgram, { format: 'completion' }).format).toBe('json');
    expect(planExecution({ format: 'chat' }, jsonProgram, { format: 'completion' }).format).toBe('chat');
  });

  it('resolves the adapter and the default time limit', () => {
    expect(planExecution({}, program, { format: 'auto' })).toEqual({
      adapter: 'python',
      format: 'chat',
      timeoutMs: 60_000,
    });
    expect(planExecution({ timeoutMs: 5 }, program, { format: 'auto' }).timeoutMs).toBe(5);
  });

  it('refuses what is not there, naming what is', () => {
    expect(() => planExecution({ adapter: 'native' }, program, { format: 'auto' })).toThrow(UnsupportedOptionError);
    expect(() => planExecution({ format: 'xml' }, program, { format: 'auto' })).toThrow(
      'format "xml" is not available; allowed: "auto", "chat", "json", "completion".',
    );
  });
});
