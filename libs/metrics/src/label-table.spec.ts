import { labelOf, labelTable, NO_ANSWER } from './label-table';

const cell = (expected: string, given: string, count: number): { expected: string; given: string; count: number } => ({
  expected,
  given,
  count,
});

describe('labelTable', () => {
  it('counts precision, recall and F1 of each label, and a missing answer against recall only', () => {
    const counts = [cell('a', 'a', 6), cell('a', 'b', 2), cell('b', 'b', 3), cell('b', NO_ANSWER, 1)];
    const table = labelTable(counts);
    expect(table.labels).toEqual([
      { label: 'a', support: 8, precision: 1, recall: 0.75, f1: 12 / 14 },
      { label: 'b', support: 4, precision: 0.6, recall: 0.75, f1: 6 / 9 },
    ]);
    expect(table.macroF1).toBeCloseTo((12 / 14 + 6 / 9) / 2, 12);
    expect(table.confusion).toHaveLength(4);
    expect(table.confusion).toEqual(expect.arrayContaining(counts));
  });

  it('shows a label that nobody expected, and leaves it out of the mean', () => {
    const table = labelTable([cell('a', 'z', 1), cell('a', 'a', 1)]);
    expect(table.labels).toContainEqual({ label: 'z', support: 0, precision: 0, recall: null, f1: 0 });
    expect(table.macroF1).toBeCloseTo(2 / 3, 12);
  });

  it('is bounded: past 50 labels the rarest are one', () => {
    const counts = Array.from({ length: 200 }, (_, index) => cell(`label-${index}`, `label-${index}`, 200 - index));
    const { labels, confusion } = labelTable(counts);
    expect(labels).toHaveLength(51);
    expect(labels.find(({ label }) => label === '(other)')?.support).toBe((150 * 151) / 2);
    expect(confusion).toHaveLength(51);
  });

  it('has no mean of nothing', () => {
    expect(labelTable([])).toEqual({ labels: [], macroF1: null, confusion: [] });
  });

  it('names what is no text by its JSON', () => {
    expect([true, 3, null, undefined, 'x'].map(labelOf)).toEqual(['true', '3', 'null', 'null', 'x']);
  });
});
