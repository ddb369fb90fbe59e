import { metricFor, namedExamples } from './evaluable';

const METRIC = {
  kind: 'composite',
  parts: [
    { weight: 1, metric: { kind: 'exact', field: 'team' } },
    { weight: 1, metric: { kind: 'latency', limitMs: 1_000 } },
  ],
};

describe('what can be evaluated', () => {
  it('names the field of a program with one output', () => {
    expect(metricFor({ kind: 'exact' }, ['team'])).toEqual({ kind: 'exact', field: 'team' });
    expect(() => metricFor({ kind: 'exact', field: 'no' }, ['team'])).toThrow(/no output "no"/);
  });

  it('names examples by what they hold, whatever its order', () => {
    const one = { inputs: { a: 1, b: 2 }, expected: { team: 'x' } };
    const same = { expected: { team: 'x' }, inputs: { b: 2, a: 1 } };
    const other = { inputs: { a: 1, b: 2 }, expected: { team: 'y' } };
    const [first, second, third] = namedExamples([one, same, other], METRIC);
    expect(second?.id).toBe(first?.id);
    expect(third?.id).not.toBe(first?.id);
  });

  it('refuses examples that lack what is compared', () => {
    const examples = [
      { inputs: {}, expected: { team: 'x' } },
      { inputs: {}, expected: {} },
    ];
    expect(() => namedExamples(examples, METRIC)).toThrow('Example 1 does not say which "team" is expected.');
  });
});
