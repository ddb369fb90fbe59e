import { changedMetricContent, newMetricContent, sameMetricContent } from './metric-content';

const EXACT = { kind: 'exact', field: 'answer' };

describe('the content of a metric', () => {
  it('keeps what a change does not name, and takes an empty description away', () => {
    const content = newMetricContent({ definition: EXACT, description: 'Word for word.' });
    expect(content).toEqual({ kind: 'exact', definition: EXACT, description: 'Word for word.' });
    expect(changedMetricContent({ description: '' }, content)).toEqual({ ...content, description: null });
    expect(changedMetricContent({ definition: { kind: 'label' } }, content)).toMatchObject({
      kind: 'label',
      description: 'Word for word.',
    });
  });

  it('says the same whatever the order of its members', () => {
    const content = newMetricContent({ definition: EXACT });
    const reordered = { ...content, definition: { field: 'answer', kind: 'exact' } };
    expect(sameMetricContent(content, reordered)).toBe(true);
    expect(sameMetricContent(content, { ...content, description: 'Other.' })).toBe(false);
  });

  it.each([
    [{ definition: { kind: 'exact', field: 'a\u0000' } }, /definition/],
    [{ definition: { ...EXACT, ['\ud800']: 1 } }, /definition/],
    [{ definition: EXACT, description: '\u0000' }, /description/],
    [{ definition: { kind: 'none' } }, /no kind of metric/],
  ])('refuses %j', (given, message) => {
    expect(() => newMetricContent(given)).toThrow(message);
  });
});
