const BAR_CELLS = 20;
const STEPS = 10;

/** How far something is, from 0 to 1, and in words. */
export interface Reached {
  readonly fraction: number;
  readonly text: string;
}

/** Tells how far something is. */
export interface Progress {
  readonly tell: (reached: Reached) => void;
  readonly end: () => void;
}

/** Progress on a stream: one line that changes on a terminal, else a line for each tenth. */
export function progressOn(stream: NodeJS.WriteStream): Progress {
  return stream.isTTY ? changingLine(stream) : someLines(stream);
}

function changingLine(stream: NodeJS.WriteStream): Progress {
  return {
    tell: ({ fraction, text }) => void stream.write(`\r\u001b[K${barOf(fraction)} ${text}`),
    end: () => void stream.write('\r\u001b[K'),
  };
}

function someLines(stream: NodeJS.WriteStream): Progress {
  let step = -1;
  return {
    tell({ fraction, text }) {
      const reached = Math.floor(fraction * STEPS);
      if (reached === step) return;
      step = reached;
      stream.write(`${text}\n`);
    },
    end: () => undefined,
  };
}

function barOf(fraction: number): string {
  const full = Math.floor(Math.min(1, fraction) * BAR_CELLS);
  return `[${'#'.repeat(full)}${'.'.repeat(BAR_CELLS - full)}]`;
}
