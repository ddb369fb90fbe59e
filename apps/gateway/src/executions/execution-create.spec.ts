import type { ExecuteProgram } from './execute-program.dto';
import { toExecutionCreate } from './execution-create';

describe('toExecutionCreate', () => {
  const inputs = { ticket: null };

  it('hands on what is given, and the very inputs', () => {
    const options = { timeoutMs: 1, maxRetries: 0, lane: 'batch' as const, limits: { idleMs: 5 } };
    const message = toExecutionCreate('qa', { inputs, ...options }, false);
    expect(message).toEqual({ id: expect.any(String) as string, program: 'qa', inputs, ...options, wait: false });
    expect(message.inputs).toBe(inputs);
  });

  it('leaves out what is null, also among the clocks, but never in the inputs', () => {
    const nothing = { model: null, lane: null, limits: { idleMs: null, connectMs: 7 } } as unknown as ExecuteProgram;
    const { id: _, ...message } = toExecutionCreate('qa', { ...nothing, inputs }, true);
    expect(message).toEqual({ program: 'qa', inputs, limits: { connectMs: 7 }, wait: true });
    const without = toExecutionCreate('qa', { inputs, limits: null } as unknown as ExecuteProgram, true);
    expect(without).not.toHaveProperty('limits');
  });

  it('gives each message an id of its own', () => {
    expect(toExecutionCreate('qa', { inputs }, true).id).not.toBe(toExecutionCreate('qa', { inputs }, true).id);
  });
});
