import { namedExamples } from './named-example';

const METRIC = {
  kind: 'composite',
  parts: [
    { weight: 1, metric: { kind: 'exact', field: 'team' } },
    { weight: 1, metric: { kind: 'latency', limitMs: 1_000 } },
  ],
};

describe('examples that come with a request', () => {
  it('are named by what they hold, whatever its order', () => {
    const one = { inputs: { a: 1, b: 2 }, expected: { team: 'x' } };
    const same = { expected: { team: 'x' }, inputs: { b: 2, a: 1 } };
    const other = { inputs: { a: 1, b: 2 }, expected: { team: 'y' } };
    const [first, second, third] = namedExamples([one, same, other], METRIC);
    expect(second?.id).toBe(first?.id);
    expect(third?.id).not.toBe(first?.id);
  });

  it('are refused when they lack what is compared', () => {
    const examples = [
      { inputs: {}, expected: { team: 'x' } },
      { inputs: {}, expected: {} },
    ];
    expect(() => namedExamples(examples, METRIC)).toThrow('Example 1 does not say which "team" is expected.');
  });
});
