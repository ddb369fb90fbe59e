import { figure, markdownTable } from '../figures/markdown-table';
import { BACKGROUND_LIMIT } from '../latency/measurement';
import { SIDES, type NativeFigures, type Side } from './measure-native';

/** How many times as many requests a core is to do in the adapter native as in the peer. */
const DEMAND = 2;

/** What is the platform's own code; the rest are its servers, which the peer does without. */
const SERVICES = ['gateway', 'execution'];

/** The adapter native against the peer as Markdown. */
export function nativeReport(figures: readonly NativeFigures[]): string {
  const rows = figures.map((each) => [
    each.side,
    String(each.callers),
    ...[each.requestsPerS, cpuMs(each), perCore(each)].map(figure),
    String(each.calls),
    `${Math.round(each.background * 100)} %${each.background > BACKGROUND_LIMIT ? ' !' : ''}`,
  ]);
  return [
    '## Requests per second of a core: calls ÷ CPU seconds of all processes of a side, on a model that answers at once',
    markdownTable(['side', 'callers', 'req/s', 'CPU ms a call', 'req/s of a core', 'calls', 'others'], rows),
    '## CPU, milliseconds a call, by process',
    cpuTable(figures),
    `## Verdicts\n\n${verdicts(figures).join('\n')}`,
  ].join('\n\n');
}

const cpuMs = ({ cpuMsPerCall }: NativeFigures, processes = Object.keys(cpuMsPerCall)): number =>
  processes.reduce((sum, name) => sum + (cpuMsPerCall[name] ?? 0), 0);

const perCore = (figures: NativeFigures): number => 1_000 / cpuMs(figures);

function cpuTable(figures: readonly NativeFigures[]): string {
  const processes = [...new Set(figures.flatMap(({ cpuMsPerCall }) => Object.keys(cpuMsPerCall)))];
  const rows = figures.map(({ side, callers, cpuMsPerCall }) => [
    `${side}, ${callers}`,
    ...processes.map((name) => (cpuMsPerCall[name] === undefined ? '' : cpuMsPerCall[name].toFixed(2))),
  ]);
  return markdownTable(['side, callers', ...processes], rows);
}

function verdicts(figures: readonly NativeFigures[]): string[] {
  const of = (side: Side, callers: number): NativeFigures | undefined =>
    figures.find((each) => each.side === side && each.callers === callers);
  return [...new Set(figures.map(({ callers }) => callers))].flatMap((callers) => {
    const [peer, native] = [of(SIDES[0], callers), of(SIDES[1], callers)];
    if (peer === undefined || native === undefined) return [];
    const ratio = cpuMs(peer) / cpuMs(native);
    const ofServices = cpuMs(peer) / cpuMs(native, SERVICES);
    const disturbed = Math.max(peer.background, native.background) > BACKGROUND_LIMIT ? ' (disturbed by others)' : '';
    return [
      `- ${ratio >= DEMAND ? 'pass' : 'FAIL'}: ${callers} callers, native at least ${DEMAND} x the requests of a core of FastAPI; seen ${ratio.toFixed(2)} x with all servers, ${ofServices.toFixed(2)} x of ${SERVICES.join(' and ')} alone; requests per second ${(native.requestsPerS / peer.requestsPerS).toFixed(2)} x${disturbed}`,
    ];
  });
}
