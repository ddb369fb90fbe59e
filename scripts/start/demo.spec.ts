import { DEMO_PROGRAMS, describeRun, type DemoProgram } from './demo';

const [program] = DEMO_PROGRAMS as [DemoProgram];

describe('describeRun', () => {
  it('shows input, answer and times', () => {
    const timing = { totalMs: 120.6, lmMs: 100.2, overheadMs: 20.4 };
    expect(describeRun({ program, execution: { status: 'succeeded', outputs: { team: 'billing' }, timing } })).toBe(
      `  route-ticket ${JSON.stringify(program.inputs)}\n    → {"team":"billing"}   (121 ms in all, 100 ms in the model)`,
    );
  });

  it('shows why there is no answer', () => {
    const error = { code: 'model_unavailable', message: 'The model does not answer.' };
    const text = describeRun({ program, execution: { status: 'failed', outputs: null, error } });
    expect(text).toContain('→ failed: model_unavailable The model does not answer.   (? ms in all, ? ms in the model)');
  });
});
