import type { Evaluation } from './evaluation';

const BAR_CELLS = 20;
const STEPS = 10;

/** Tells how far something is. */
export interface Progress {
  readonly tell: (evaluation: Evaluation) => void;
  readonly end: () => void;
}

/** Progress on a stream: one line that changes on a terminal, else a line for each tenth. */
export function progressOn(stream: NodeJS.WriteStream): Progress {
  return stream.isTTY ? changingLine(stream) : someLines(stream);
}

function changingLine(stream: NodeJS.WriteStream): Progress {
  return {
    tell: (evaluation) => void stream.write(`\r\u001b[K${barOf(evaluation)} ${progressText(evaluation)}`),
    end: () => void stream.write('\r\u001b[K'),
  };
}

function someLines(stream: NodeJS.WriteStream): Progress {
  let step = -1;
  return {
    tell(evaluation) {
      const reached = Math.floor(evaluation.progress.fraction * STEPS);
      if (reached === step) return;
      step = reached;
      stream.write(`${progressText(evaluation)}\n`);
    },
    end: () => undefined,
  };
}

function barOf({ progress }: Evaluation): string {
  const full = Math.floor(progress.fraction * BAR_CELLS);
  return `[${'#'.repeat(full)}${'.'.repeat(BAR_CELLS - full)}]`;
}

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
