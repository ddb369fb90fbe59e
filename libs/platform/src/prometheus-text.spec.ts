import { joinMetricsTexts } from './prometheus-text';

const counter = (help: string, ...samples: string[]): string =>
  [`# HELP sales_total ${help}`, '# TYPE sales_total counter', ...samples, ''].join('\n');

describe('joinMetricsTexts', () => {
  it('describes each metric once, and keeps the samples of all together', () => {
    const waits = [
      '# HELP wait_seconds Waits.',
      '# TYPE wait_seconds histogram',
      'wait_seconds_count{instance="a"} 1',
      '',
    ];
    const a = [...waits, counter('Sold.', 'sales_total{instance="a"} 3')].join('\n');
    const b = counter(
      'Sold, as a later release says.',
      'sales_total{instance="b"} 4',
      'sales_total{instance="b",kind="x"} 5',
    );
    expect(joinMetricsTexts([a, b])).toBe(`# HELP wait_seconds Waits.
# TYPE wait_seconds histogram
wait_seconds_count{instance="a"} 1

# HELP sales_total Sold.
# TYPE sales_total counter
sales_total{instance="a"} 3
sales_total{instance="b"} 4
sales_total{instance="b",kind="x"} 5
`);
  });

  it('takes a value that looks like a description for what it is', () => {
    const sample = 'sales_total{name="# HELP x"} 1';
    expect(joinMetricsTexts([counter('Sold.', sample)])).toContain(sample);
  });

  it('leaves out what has no samples, and texts without metrics', () => {
    expect(joinMetricsTexts(['# no registered metrics', '', counter('Sold.')])).toBe('');
  });
});
