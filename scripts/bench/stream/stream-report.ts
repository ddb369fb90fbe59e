import { figure, markdownTable } from '../figures/markdown-table';
import { BACKGROUND_LIMIT } from '../latency/measurement';
import type { Side, StreamFigures } from './measure-stream';

/** What the platform may add to the first token of the model server, at the median. */
const DEMAND_MS = 10;

/** The first token through the platform and of the model server itself, as Markdown. */
export function streamReport(figures: readonly StreamFigures[]): string {
  const rows = figures.map(({ side, callers, firstTokenMs, wholeMs, calls, background }) => [
    side,
    String(callers),
    ...[firstTokenMs.p50, firstTokenMs.p99, wholeMs.p50].map(figure),
    String(calls),
    `${Math.round(background * 100)} %${background > BACKGROUND_LIMIT ? ' !' : ''}`,
  ]);
  return [
    '## Time to the first token of the answer, milliseconds; the model writes a word each 20 ms',
    markdownTable(['side', 'callers', 'first p50', 'first p99', 'whole p50', 'calls', 'others'], rows),
    `## Platform − model server, first token\n\n${addedBy(figures).join('\n')}`,
  ].join('\n\n');
}

function addedBy(figures: readonly StreamFigures[]): string[] {
  const of = (side: Side, callers: number) =>
    figures.find((each) => each.side === side && each.callers === callers)?.firstTokenMs;
  return [...new Set(figures.map(({ callers }) => callers))].flatMap((callers) => {
    const [own, through] = [of('model server', callers), of('platform', callers)];
    if (own === undefined || through === undefined) return [];
    const [p50, p99] = [through.p50 - own.p50, through.p99 - own.p99];
    return [
      `- ${p50 <= DEMAND_MS ? 'pass' : 'FAIL'}: ${callers} callers, at most ${DEMAND_MS} ms at the median; seen p50 ${figure(p50)} ms, p99 ${figure(p99)} ms`,
    ];
  });
}
