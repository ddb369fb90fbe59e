import { figure, markdownTable } from '../figures/markdown-table';
import { BACKGROUND_LIMIT } from '../latency/measurement';
import type { ApiFigures, Operation } from './measure-apis';

/** What is done by GraphQL, and the same by REST. */
const COMPARED: readonly (readonly [Operation, Operation])[] = [
  ['read, GraphQL', 'read, REST'],
  ['execution, typed mutation', 'execution, REST'],
];

/** REST against GraphQL as Markdown. */
export function apisReport(figures: readonly ApiFigures[]): string {
  const rows = figures.map(({ operation, callers, latencyMs, requestsPerS, background }) => [
    operation,
    String(callers),
    ...[latencyMs.p50, latencyMs.p99, requestsPerS].map(figure),
    `${Math.round(background * 100)} %${background > BACKGROUND_LIMIT ? ' !' : ''}`,
  ]);
  return [
    '## REST and GraphQL: reading one program, executing it with a model that answers at once; milliseconds',
    markdownTable(['operation', 'callers', 'p50', 'p99', 'req/s', 'others'], rows),
    `## Requests per second, GraphQL ÷ REST\n\n${ratiosOf(figures).join('\n')}`,
  ].join('\n\n');
}

function ratiosOf(figures: readonly ApiFigures[]): string[] {
  const perS = (operation: Operation, callers: number) =>
    figures.find((each) => each.operation === operation && each.callers === callers)?.requestsPerS;
  const callers = [...new Set(figures.map((each) => each.callers))];
  return COMPARED.flatMap(([one, other]) =>
    callers.flatMap((count) => {
      const [first, second] = [perS(one, count), perS(other, count)];
      if (first === undefined || second === undefined) return [];
      return [`- ${one}, ${count} callers: ${(first / second).toFixed(2)} x`];
    }),
  );
}
