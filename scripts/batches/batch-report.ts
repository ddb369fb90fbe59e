import type { BatchOutcome } from './run-batch';

const SHOWN_VIOLATIONS = 20;

/** What came of a batch, for people. */
export function describeBatch({ batch, violations, memory, ...figures }: BatchOutcome): string {
  const { total, succeeded, failed } = batch.counts;
  const { uploadS, runS, readS, kills, repeats } = figures;
  const shown = violations
    .slice(0, SHOWN_VIOLATIONS)
    .map(({ rule, subject, detail }) => `  ${rule}: ${subject} ${detail}`);
  return [
    violations.length === 0 ? 'Every row has exactly one result.' : `${violations.length} promises broken:`,
    ...shown,
    `${total} rows: ${succeeded} succeeded, ${failed} failed; ${kills} kills, ${repeats} requests repeated`,
    `${uploadS} s to send, ${runS} s to run (${Math.round(total / Math.max(runS, 0.1))} rows a second), ${readS} s to read`,
    ...memory.map(({ kind, highest, early, late, isFlat }) => {
      const mib = [early, late, highest].map((value) => Math.round(value));
      return `memory of ${kind}: ${mib[0]} MiB early, ${mib[1]} MiB late, ${mib[2]} MiB at most: ${isFlat ? 'flat' : 'grows'}`;
    }),
  ].join('\n');
}
