import { metricFor } from './evaluable';

describe('what can be evaluated', () => {
  it('names the field of a program with one output', () => {
    expect(metricFor({ kind: 'exact' }, ['team'])).toEqual({ kind: 'exact', field: 'team' });
    expect(() => metricFor({ kind: 'exact', field: 'no' }, ['team'])).toThrow(/no output "no"/);
  });
});
