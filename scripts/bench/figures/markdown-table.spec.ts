import { figure, markdownTable } from './markdown-table';

describe('markdownTable', () => {
  it('gives a column one width, names to the left and figures to the right', () => {
    const rows = [
      ['platform', '6.10', '120'],
      ['bare', '0.95', ''],
    ];
    expect(markdownTable(['series', 'p50', 'req/s'], rows)).toBe(
      [
        '| series   |  p50 | req/s |',
        '| -------- | ---: | ----: |',
        '| platform | 6.10 |   120 |',
        '| bare     | 0.95 |       |',
      ].join('\n'),
    );
  });
});

describe('figure', () => {
  it.each([
    [0.1234, '0.12'],
    [-7.456, '-7.46'],
    [45.67, '45.7'],
    [1234.5, '1235'],
  ])('writes %d as %s', (value, expected) => {
    expect(figure(value)).toBe(expected);
  });
});
