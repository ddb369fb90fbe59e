import { figure, markdownTable } from '../bench/figures/markdown-table';
import { percentile } from '../bench/figures/percentile';
import type { StepFigures } from './measure';
import type { SwapOutcome } from './swaps';

const SHOWN_FAULTS = 10;

/** What is promised. */
const TYPED_MAX_MS = { few: 500, many: 1_000 };
const LATENCY_RATIO_MAX = 1.5;
const GROWTH_MAX_MIB = 100;

/** One promise and how it was kept. */
export interface Verdict {
  readonly what: string;
  readonly measured: string;
  readonly isKept: boolean;
}

/** Holds the figures of few and of many programs, and what happened during the swaps, against what is promised. */
export function verdictsOf(few: StepFigures, many: StepFigures, swaps: SwapOutcome): Verdict[] {
  const ratio = many.executionMs / few.executionMs;
  const growth = Object.entries(many.memoryMib).map(([name, mib]) => {
    const grown = mib - (few.memoryMib[name] ?? 0);
    const what = `${name} grows by at most ${GROWTH_MAX_MIB} MiB`;
    return { what, measured: `${figure(grown)} MiB`, isKept: grown <= GROWTH_MAX_MIB };
  });
  return [
    typedWithin(few, TYPED_MAX_MS.few),
    typedWithin(many, TYPED_MAX_MS.many),
    {
      what: `an execution takes at most ${LATENCY_RATIO_MAX} times as long with ${many.programs} as with ${few.programs}`,
      measured: figure(ratio),
      isKept: ratio <= LATENCY_RATIO_MAX,
    },
    ...growth,
    {
      what: `no request fails during ${swaps.swaps} swaps`,
      measured: `${swaps.failures.length} of ${swaps.requests}`,
      isKept: swaps.failures.length === 0,
    },
    {
      what: 'no event is lost, repeated or out of order',
      measured: String(swaps.eventFaults.length),
      isKept: swaps.eventFaults.length === 0,
    },
  ];
}

function typedWithin({ programs, typedMs, describedMs }: StepFigures, mostMs: number): Verdict {
  const slowestMs = Math.max(percentile(typedMs, 95), percentile(describedMs, 95));
  return {
    what: `with ${programs} programs a new one is typed in GraphQL and OpenAPI within ${mostMs} ms (p95)`,
    measured: `${figure(slowestMs)} ms`,
    isKept: slowestMs <= mostMs,
  };
}

/** All figures and verdicts in Markdown, and the first of what went wrong. */
export function schemasReport(steps: readonly StepFigures[], verdicts: readonly Verdict[], swaps: SwapOutcome): string {
  const rows = steps.map(({ programs, typedMs, describedMs, executionMs, memoryMib }) => [
    String(programs),
    ...[typedMs, describedMs].flatMap((tookMs) => [figure(percentile(tookMs, 50)), figure(percentile(tookMs, 95))]),
    figure(executionMs),
    ...Object.values(memoryMib).map(figure),
  ]);
  const titles = [
    'programs',
    'typed after, p50 ms',
    'p95 ms',
    'described after, p50 ms',
    'p95 ms',
    'execution, p50 ms',
  ];
  const memory = Object.keys(steps[0]?.memoryMib ?? {}).map((name) => `${name}, MiB`);
  const judged = verdicts.map(({ what, measured, isKept }) => [what, measured, isKept ? 'kept' : 'BROKEN']);
  const faults = [...swaps.failures, ...swaps.eventFaults].slice(0, SHOWN_FAULTS);
  return [
    markdownTable([...titles, ...memory], rows),
    markdownTable(['promise', 'measured', ''], judged),
    ...faults.map((fault) => `- ${fault}`),
  ].join('\n\n');
}
