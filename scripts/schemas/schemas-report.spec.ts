import type { StepFigures } from './measure';
import { schemasReport, verdictsOf } from './schemas-report';

const step = (programs: number, typedMs: number, executionMs: number, mib: number): StepFigures => ({
  programs,
  typedMs: [typedMs, typedMs],
  describedMs: [20, 20],
  executionMs,
  memoryMib: { gateway: mib },
});
const swaps = { swaps: 100, requests: 5_000, failures: [], eventFaults: [] };

describe('verdictsOf', () => {
  it('keeps what is within the limits', () => {
    const verdicts = verdictsOf(step(10, 20, 8, 150), step(1_000, 100, 9, 190), swaps);
    expect(verdicts.filter(({ isKept }) => !isKept)).toEqual([]);
    expect(verdicts).toHaveLength(6);
  });

  it.each([
    ['within 1000 ms', step(1_000, 1_100, 9, 190), swaps],
    ['within 1000 ms', { ...step(1_000, 100, 9, 190), describedMs: [1_001] }, swaps],
    ['times as long', step(1_000, 100, 13, 190), swaps],
    ['gateway grows', step(1_000, 100, 9, 251), swaps],
    ['no request fails', step(1_000, 100, 9, 190), { ...swaps, failures: ['500'] }],
    ['no event is lost', step(1_000, 100, 9, 190), { ...swaps, eventFaults: ['lost'] }],
  ])('finds broken: %s', (what, many, outcome) => {
    const broken = verdictsOf(step(10, 20, 8, 150), many, outcome).filter(({ isKept }) => !isKept);
    expect(broken.map((verdict) => verdict.what)).toEqual([expect.stringContaining(what)]);
  });
});

it('reports figures, verdicts and what went wrong', () => {
  const steps = [step(10, 20, 8, 150), step(1_000, 100, 9, 190)] as const;
  const outcome = { ...swaps, failures: ['moodIt: Cannot query field'] };
  const text = schemasReport(steps, verdictsOf(...steps, outcome), outcome);
  expect(text).toMatch(/1000 \|.*100 \|/);
  expect(text).toContain('1 of 5000');
  expect(text).toContain('BROKEN');
  expect(text).toContain('- moodIt: Cannot query field');
});
