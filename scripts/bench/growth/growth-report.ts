import { figure, markdownTable } from '../figures/markdown-table';
import { OPERATIONS, type GrowthStep, type Operation } from './measure-growth';

/** How much dearer an operation may become from the smallest table to the largest. */
const MOST_TIMES = 2;

/** The growth of each operation as Markdown. */
export function growthReport(steps: readonly GrowthStep[]): string {
  const titles = [
    'stored executions',
    'MiB',
    'others',
    ...OPERATIONS.map((name) => `${name}, p50`),
    ...OPERATIONS.map((name) => `${name}, p99`),
  ];
  const rows = steps.map(({ rows, sizeMib, background, latencyMs }) => [
    String(rows),
    sizeMib.toFixed(0),
    `${Math.round(background * 100)} %`,
    ...OPERATIONS.map((name) => figure(latencyMs[name].p50)),
    ...OPERATIONS.map((name) => figure(latencyMs[name].p99)),
  ]);
  return [
    '## Growth: one caller, milliseconds',
    markdownTable(titles, rows),
    `## Verdicts\n\n${growthVerdicts(steps).join('\n')}`,
  ].join('\n\n');
}

/** A line for each operation: the median with the most rows over that with the fewest; throws RangeError without steps. */
export function growthVerdicts(steps: readonly GrowthStep[]): string[] {
  const [first, last] = [steps.at(0), steps.at(-1)];
  if (first === undefined || last === undefined) throw new RangeError('There is no growth without sizes.');
  return OPERATIONS.map((name: Operation) => {
    const times = last.latencyMs[name].p50 / first.latencyMs[name].p50;
    const demand = `${name}, ${first.rows} to ${last.rows} stored executions: at most ${MOST_TIMES} x`;
    return `- ${times <= MOST_TIMES ? 'pass' : 'FAIL'}: ${demand}; seen ${times.toFixed(2)} x`;
  });
}
