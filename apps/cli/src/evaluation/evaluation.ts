/** An evaluation, as far as it is waited for and told. */
export interface Evaluation {
  readonly id: string;
  readonly program: string;
  readonly version: number;
  readonly metric: string;
  readonly metricVersion: number;
  readonly dataset: string;
  readonly datasetVersion: number;
  readonly split: string | null;
  readonly status: 'queued' | 'running' | 'cancelling' | 'completed' | 'cancelled' | 'failed';
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly counts: {
    readonly total: number;
    readonly ended: number;
    readonly failed: number;
    readonly unscored: number;
  };
  readonly progress: { readonly fraction: number; readonly examplesPerS: number | null; readonly etaAt: string | null };
  readonly usage: { readonly costUsd: number | null };
  readonly judgeUsage: { readonly costUsd: number | null } | null;
  readonly summary: Summary | null;
  readonly createdAt: string;
  readonly finishedAt: string | null;
}

interface Summary {
  readonly score: number | null;
  readonly interval: { readonly low: number; readonly high: number; readonly level: number } | null;
  readonly latency: { readonly p50Ms: number; readonly p95Ms: number } | null;
  readonly errors: readonly { readonly code: string; readonly count: number }[];
}

/** What became of one example. */
export interface ExampleResult {
  readonly index: number;
  readonly exampleId: string;
  readonly inputs: object;
  readonly expected: object;
  readonly executionId: string | null;
  readonly answer: object | null;
  readonly score: number | null;
  readonly totalMs: number | null;
  readonly errorCode: string | null;
}

/** Whether a score is as good as it has to be; nothing has to be without a least score. */
export function isGoodEnough({ summary }: Evaluation, least: number | undefined): boolean {
  return least === undefined || (summary !== null && summary.score !== null && summary.score >= least);
}

/** What was evaluated, by what, on what. */
export function subjectOf(of: Evaluation): string {
  const split = of.split === null ? '' : ` (${of.split})`;
  return `${of.program} ${of.version} by ${of.metric} ${of.metricVersion} on ${of.dataset} ${of.datasetVersion}${split}`;
}

/** The score with its interval. */
export function scoreOf({ summary }: Evaluation): string {
  if (summary === null || summary.score === null) return 'no score';
  const { score, interval } = summary;
  if (interval === null) return shown(score);
  return `${shown(score)}, ${Math.round(interval.level * 1_000) / 10} % interval ${shown(interval.low)} to ${shown(interval.high)}`;
}

/** All that was found, in a few lines. */
export function describeEvaluation(evaluation: Evaluation): string {
  const { counts, usage, judgeUsage, summary } = evaluation;
  const errors = summary?.errors.map(({ code, count }) => `${count} ${code}`).join(', ');
  const facts = [
    `${counts.total} examples`,
    ...(counts.failed === 0 ? [] : [`${counts.failed} without an answer (${errors})`]),
    ...(counts.unscored === 0 ? [] : [`${counts.unscored} without a score`]),
    ...(summary === null || summary.latency === null ? [] : [timesOf(summary.latency)]),
    ...priceOf(usage.costUsd, 'USD'),
    ...priceOf(judgeUsage?.costUsd ?? null, 'USD for judging'),
  ];
  return `${subjectOf(evaluation)}: ${scoreOf(evaluation)}\n${facts.join(', ')}\n`;
}

function timesOf({ p50Ms, p95Ms }: { p50Ms: number; p95Ms: number }): string {
  return `p50 ${Math.round(p50Ms)} ms, p95 ${Math.round(p95Ms)} ms`;
}

const priceOf = (usd: number | null, of: string): string[] => (usd === null ? [] : [`${usd.toPrecision(3)} ${of}`]);

const shown = (score: number): string => score.toFixed(3);

/** How many examples are done, how fast it goes, and how long it will take. */
export function progressText({ counts, progress, status }: Evaluation): string {
  const { examplesPerS, etaAt } = progress;
  const rate = examplesPerS === null ? '' : `, ${examplesPerS}/s`;
  const left = etaAt === null ? '' : `, ${secondsUntil(etaAt)} s left`;
  return `${status}: ${counts.ended} of ${counts.total} examples${rate}${left}`;
}

function secondsUntil(time: string): number {
  return Math.max(0, Math.ceil((Date.parse(time) - Date.now()) / 1_000));
}
