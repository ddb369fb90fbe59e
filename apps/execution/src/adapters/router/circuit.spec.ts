import fc from 'fast-check';
import { type Circuit, FAILURES_MAX, REST_MS, failed, isOpen, taken } from './circuit';

type Step = { readonly does: 'fail' | 'succeed' | 'ask'; readonly afterMs: number };

const steps = fc.array(
  fc.record<Step>({
    does: fc.constantFrom('fail', 'succeed', 'ask'),
    afterMs: fc.integer({ min: 0, max: 2 * REST_MS }),
  }),
  { maxLength: 50 },
);

/** Runs the steps; `see` is called with the circuit before each and the time of the step. */
function run(all: readonly Step[], see: (circuit: Circuit | undefined, step: Step, nowMs: number) => void): void {
  let circuit: Circuit | undefined;
  let nowMs = 0;
  for (const step of all) {
    nowMs += step.afterMs;
    see(circuit, step, nowMs);
    if (step.does === 'fail') circuit = failed(circuit, nowMs);
    else if (step.does === 'succeed') circuit = undefined;
    else if (circuit !== undefined && !isOpen(circuit, nowMs)) circuit = taken(circuit, nowMs);
  }
}

describe('a circuit', () => {
  it('opens with the third failure in a row, and not before', () => {
    const once = failed(undefined, 0);
    const twice = failed(once, 1);
    expect([once, twice, failed(twice, 2)].map((circuit) => isOpen(circuit, 3))).toEqual([false, false, true]);
  });

  it('lets one execution try after the rest, and keeps the others away meanwhile', () => {
    const open = { failures: FAILURES_MAX, openUntilMs: REST_MS };
    expect(isOpen(open, REST_MS - 1)).toBe(true);
    expect(isOpen(open, REST_MS)).toBe(false);
    const tried = taken(open, REST_MS);
    expect(isOpen(tried, REST_MS)).toBe(true);
    expect(isOpen(failed(tried, REST_MS + 5), 2 * REST_MS + 4)).toBe(true);
  });

  it('is open only after as many failures as it takes since the last success', () => {
    fc.assert(
      fc.property(steps, (all) => {
        let failures = 0;
        run(all, (circuit, { does }, nowMs) => {
          expect(isOpen(circuit, nowMs) && failures < FAILURES_MAX).toBe(false);
          expect(circuit === undefined).toBe(failures === 0);
          if (does === 'fail') failures += 1;
          if (does === 'succeed') failures = 0;
        });
      }),
    );
  });

  it('never stays open for longer than one rest after what happened last', () => {
    fc.assert(
      fc.property(steps, (all) => {
        run(all, (circuit, { afterMs }, nowMs) => {
          const lastMs = nowMs - afterMs;
          expect(circuit?.openUntilMs ?? 0).toBeLessThanOrEqual(lastMs + REST_MS);
        });
      }),
    );
  });

  it('lets at most one execution in per rest once it has opened', () => {
    fc.assert(
      fc.property(steps, (all) => {
        let triedMs = -Infinity;
        run(all, (circuit, { does }, nowMs) => {
          if (circuit === undefined || circuit.failures < FAILURES_MAX) triedMs = -Infinity;
          else if (does === 'ask' && !isOpen(circuit, nowMs)) {
            expect(nowMs - triedMs).toBeGreaterThanOrEqual(REST_MS);
            triedMs = nowMs;
          }
        });
      }),
    );
  });
});
