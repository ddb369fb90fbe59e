/** An optimisation, as far as it is waited for and told. */
export interface Optimization {
  readonly id: string;
  readonly program: string;
  readonly version: number;
  readonly dataset: string;
  readonly datasetVersion: number;
  readonly metric: string;
  readonly metricVersion: number;
  readonly optimizer: { readonly name: string };
  readonly seed: number;
  readonly status: 'queued' | 'running' | 'stopping' | 'judging' | 'completed' | 'cancelled' | 'failed';
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly progress: {
    readonly trials: number;
    readonly planned: number | null;
    readonly fraction: number | null;
    readonly etaAt: string | null;
  };
  readonly parentScore: number | null;
  readonly best: { readonly trial: number; readonly score: number } | null;
  readonly candidateVersion: number | null;
  readonly conclusion: string | null;
  readonly calls: number;
  readonly usage: { readonly costUsd: number | null };
  readonly finishedAt: string | null;
}

/** How many candidates were tried, the best score so far, and how long the rest will take. */
export function progressText({ status, progress, parentScore, best }: Optimization): string {
  const { trials, planned, etaAt } = progress;
  const of = planned === null ? '' : ` of ${planned}`;
  const score = best === null ? '' : `, best ${shown(best.score)}`;
  const before = best === null || parentScore === null ? '' : ` (was ${shown(parentScore)})`;
  const left = etaAt === null || status !== 'running' ? '' : `, ${secondsUntil(etaAt)} s left`;
  return `${status}: ${trials}${of} trials${score}${before}${left}`;
}

/** What was found, and no more than is shown. */
export function describeOptimization(found: Optimization): string {
  const { program, version, dataset, datasetVersion, metric, metricVersion, optimizer, seed, candidateVersion } = found;
  const cost = found.usage.costUsd === null ? '' : `, ${found.usage.costUsd.toPrecision(3)} USD`;
  const candidate =
    candidateVersion === null
      ? []
      : [`Version ${candidateVersion} has it, not published: POST /v1/optimizations/${found.id}/publish`];
  const lines = [
    `${program} ${version} by ${optimizer.name} (seed ${seed}) on ${dataset} ${datasetVersion} by ${metric} ${metricVersion}`,
    `${progressText(found)}, ${found.calls} calls${cost}`,
    ...(found.conclusion === null ? [] : [found.conclusion]),
    ...candidate,
  ];
  return `${lines.join('\n')}\n`;
}

/** Why an optimisation could not be stopped or aborted; undefined if how it stands is no reason. */
export function whyNotEnded({ status, finishedAt }: Pick<Optimization, 'status' | 'finishedAt'>): string | undefined {
  if (finishedAt !== null) return 'It has ended meanwhile.';
  if (status === 'judging') return 'The search is over, and its best is being judged: it is kept in any case.';
  if (status === 'stopping') return 'It is being stopped already, and keeps the best.';
  return undefined;
}

const shown = (score: number): string => score.toFixed(3);

function secondsUntil(time: string): number {
  return Math.max(0, Math.ceil((Date.parse(time) - Date.now()) / 1_000));
}
