import { figure, markdownTable } from '../figures/markdown-table';
import { CALLERS, MODEL_DELAY_MS, SLOTS, type WorkersStep } from './measure-workers';

/** What a second worker has to bring. */
const LEAST_TIMES = 1.7;

/** The throughput by number of workers as Markdown. */
export function workersReport(steps: readonly WorkersStep[]): string {
  const rows = steps.map(({ workers, medianPerS, requestsPerS }) => [
    String(workers),
    figure(medianPerS),
    figure((workers * SLOTS * 1000) / MODEL_DELAY_MS),
    requestsPerS.map(figure).join(' '),
  ]);
  return [
    `## Workers: model ${MODEL_DELAY_MS} ms, ${SLOTS} executions at a time in each, ${CALLERS} callers`,
    markdownTable(['workers', 'req/s', 'possible', 'each repetition'], rows),
    `## Verdicts\n\n${workersVerdict(steps)}`,
  ].join('\n\n');
}

/** Whether the last step has the throughput of the first often enough; throws RangeError without steps. */
export function workersVerdict(steps: readonly WorkersStep[]): string {
  const [first, last] = [steps.at(0), steps.at(-1)];
  if (first === undefined || last === undefined) throw new RangeError('There is nothing to compare.');
  const times = last.medianPerS / first.medianPerS;
  const demand = `requests per second, ${first.workers} to ${last.workers} workers: at least ${LEAST_TIMES} x`;
  return `- ${times >= LEAST_TIMES ? 'pass' : 'FAIL'}: ${demand}; seen ${times.toFixed(2)} x`;
}
