import { figure, markdownTable } from '../figures/markdown-table';
import type { LatencyResult } from './measure-latency';
import { BACKGROUND_LIMIT, type Measurement } from './measurement';
import { SERIES, type SeriesName } from './plan';
import { lookupIn, overheadOf, throughputRatio, verdictsOf, type Lookup, type Verdict } from './verdicts';

const PLATFORM_PROCESSES = [
  'gateway',
  'registry',
  'execution',
  'optimization',
  'worker-1',
  'nats',
  'postgres',
  'valkey',
];
const PEER_PROCESS: Partial<Record<SeriesName, string>> = {
  [SERIES.bare]: 'bare',
  [SERIES.paced]: 'bare',
  [SERIES.fastapi]: 'fastapi',
  [SERIES.fastapiUnknown]: 'fastapi, unknown model',
};

/** The comparison as Markdown. */
export function latencyReport(result: LatencyResult): string {
  const { medians, plan } = result;
  const look = lookupIn(medians);
  const seconds = plan.measuredMs / 1000;
  return [
    `## Latency and throughput\n\nMedian of ${plan.repetitions} × ${seconds} s a cell; milliseconds. "Others" is the share of all cores that was used by programs outside of the benchmark; above ${BACKGROUND_LIMIT * 100} % it is marked.`,
    latencyTable(medians),
    '## Overhead: platform − paced bare DSPy, one caller, milliseconds',
    overheadTable(look),
    '## Requests per second, platform ÷ peer',
    ratioTable(look),
    '## CPU, milliseconds a call, by process',
    cpuTable(medians),
    '## Where one execution spends its time: one caller, model 0 ms, medians in milliseconds',
    timeTable(result, look),
    '## Memory after the run, MiB resident',
    memoryTable(result),
    `## Verdicts\n\n${verdictsOf(look).map(verdictLine).join('\n')}`,
    `Every answer was checked for the nonce of its own question: 0 wrong. Of ${result.executions.answered} answered executions ${result.executions.lost} are not stored. The peers store nothing.`,
  ].join('\n\n');
}

function verdictLine({ demand, seen, isMet, isDisturbed }: Verdict): string {
  return `- ${isMet ? 'pass' : 'FAIL'}: ${demand}; seen ${seen}${isDisturbed ? ' (disturbed by others)' : ''}`;
}

const cellName = ({ delayMs, concurrency }: Measurement) => `${delayMs} ms, ${concurrency}`;

function latencyTable(medians: readonly Measurement[]): string {
  const titles = ['model, callers', 'series', 'p50', 'p95', 'p99', 'req/s', 'calls', 'others'];
  const rows = medians.map((each) => {
    const { p50, p95, p99 } = each.latencyMs;
    const others = `${Math.round(each.background * 100)} %${each.background > BACKGROUND_LIMIT ? ' !' : ''}`;
    const figures = [p50, p95, p99, each.requestsPerS].map(figure);
    return [cellName(each), each.series, ...figures, String(each.calls), others];
  });
  return markdownTable(titles, rows);
}

function overheadTable(look: Lookup): string {
  const rows = [0, 50].flatMap((delayMs) => {
    const overhead = overheadOf(look, delayMs);
    return overhead ? [[`${delayMs} ms`, ...[overhead.p50, overhead.p95, overhead.p99].map(figure)]] : [];
  });
  return markdownTable(['model', 'p50', 'p95', 'p99'], rows);
}

function ratioTable(look: Lookup): string {
  const peers = [SERIES.bare, SERIES.fastapi, SERIES.fastapiUnknown];
  const rows = [0, 50].flatMap((delayMs) =>
    [1, 16, 64].flatMap((callers) => {
      const ratios = peers.map((peer) => throughputRatio(look, peer, delayMs, callers)?.toFixed(2) ?? '');
      return ratios.join('') === '' ? [] : [[`${delayMs} ms, ${callers}`, ...ratios]];
    }),
  );
  return markdownTable(['model, callers', ...peers.map((peer) => `÷ ${peer}`)], rows);
}

function cpuTable(medians: readonly Measurement[]): string {
  const titles = ['model, callers', 'series', 'peer', ...PLATFORM_PROCESSES, 'sum', 'model', 'load', 'idle side'];
  const rows = medians.map((each) => {
    const cpu = each.cpuMsPerCall;
    const own = ownProcesses(each.series);
    const cost = (name: string) => (own.includes(name) ? (cpu[name] ?? 0) : undefined);
    const peer = PEER_PROCESS[each.series];
    const idle = Object.entries(cpu).filter(([name]) => !own.includes(name) && name !== 'model' && name !== 'load');
    const columns = [
      peer === undefined ? undefined : cost(peer),
      ...PLATFORM_PROCESSES.map(cost),
      own.length === 0 ? undefined : total(own.map((name) => cpu[name] ?? 0)),
      cpu.model ?? 0,
      cpu.load ?? 0,
      total(idle.map(([, ms]) => ms)),
    ];
    return [cellName(each), each.series, ...columns.map((ms) => (ms === undefined ? '' : ms.toFixed(2)))];
  });
  return markdownTable(titles, rows);
}

function ownProcesses(series: SeriesName): readonly string[] {
  if (series === SERIES.platform || series === SERIES.platformUnknown) return PLATFORM_PROCESSES;
  const peer = PEER_PROCESS[series];
  return peer === undefined ? [] : [peer];
}

const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);

function timeTable({ timing }: LatencyResult, look: Lookup): string {
  const whole = look(SERIES.platform, 0, 1)?.latencyMs.p50 ?? Number.NaN;
  const { totalMs, queueMs, workerMs, lmMs } = timing;
  const rows: [string, number][] = [
    ['before a worker takes it: accepting, NATS, waiting (queueMs)', queueMs],
    ['in the worker, without the model call (workerMs − lmMs)', workerMs - lmMs],
    ['the model call (lmMs)', lmMs],
    [
      'the outcome on its way back to the execution service (totalMs − queueMs − workerMs)',
      totalMs - queueMs - workerMs,
    ],
    ['the rest: HTTP, NATS from and to the gateway, the commit (latency − totalMs)', whole - totalMs],
    ['whole, as the caller sees it', whole],
  ];
  return markdownTable(
    ['part', 'ms'],
    rows.map(([part, ms]) => [part, figure(ms)]),
  );
}

function memoryTable({ memoryMib }: LatencyResult): string {
  const rows = Object.entries(memoryMib).map(([name, mib]) => [name, mib.toFixed(0)]);
  return markdownTable(['process', 'MiB'], rows);
}
