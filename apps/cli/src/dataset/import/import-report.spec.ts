import { describeImport, describePreview } from './import-report';
import { reachedAt } from './send-file';

const EXAMPLES = { total: 3, train: 1, validation: 1, test: 1 };
const DATASET = {
  id: '1',
  name: 'tickets',
  version: 2,
  signature: 'RouteTicket',
  examples: EXAMPLES,
  strata: [{ value: 'a\u001b', ...EXAMPLES }],
  updatedAt: '',
};
const ERROR = { row: 1, line: 3, column: 'Team', pointer: '/outputs/team', message: 'No.', value: '"\u001b[2J"' };

describe('describeImport', () => {
  it('tells what became of the rows, and what is wrong with each, so that a terminal does not obey it', () => {
    const report = { received: 200, added: 3, duplicates: 95, invalid: 102, errors: [ERROR] };
    expect(describeImport({ ...DATASET, report }, false)).toBe(
      `200 rows: 3 added, 95 there already, 102 no examples
  line 3, column "Team", /outputs/team: No. It is " [2J".
  …
tickets version 2 has 3 examples: 1 train, 1 validation, 1 test.
  "a\\u001b": 3 examples: 1 train, 1 validation, 1 test
`,
    );
  });
});

describe('describePreview', () => {
  it('shows rows as examples, or what is wrong with them', () => {
    const items = [
      { row: 0, line: 2, example: { inputs: { a: 1 } }, errors: [] },
      { row: 1, example: null, errors: [{ row: 1, pointer: '', message: 'No.' }] },
    ];
    expect(describePreview({ items })).toBe('  line 2: {"inputs":{"a":1}}\n  line 2: No.\n2 rows, 1 no examples\n');
  });
});

describe('reachedAt', () => {
  it.each([
    [0, 0, 0, 1, '0.0 of 0.0 MB'],
    [1e6, 4e6, 2, 0.25, '1.0 of 4.0 MB, 0.5 MB/s, 6 s left'],
    [4e6, 4e6, 2, 1, '4.0 of 4.0 MB'],
  ])('tells %d of %d bytes after %d s', (sent, size, seconds, fraction, text) =>
    expect(reachedAt(sent, size, seconds)).toEqual({ fraction, text }),
  );
});
