import { toExecutionCreate } from './execution-create';

describe('toExecutionCreate', () => {
  const inputs = { ticket: null };

  it('hands on what is given, and the very inputs', () => {
    const options = { timeoutMs: 1, maxRetries: 0, lane: 'batch' as const, limits: { idleMs: 5 } };
    const message = toExecutionCreate('qa', { inputs, ...options }, false);
    expect(message).toEqual({ id: expect.any(String) as string, program: 'qa', inputs, ...options, wait: false });
    expect(message.inputs).toBe(inputs);
  });

  it('gives each message an id of its own', () => {
    expect(toExecutionCreate('qa', { inputs }, true).id).not.toBe(toExecutionCreate('qa', { inputs }, true).id);
  });
});
