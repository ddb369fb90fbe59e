import type { Outcome } from './play';

const SHOWN_VIOLATIONS = 20;
const COLUMNS = ['scenario', 'faults', 'executions', 'run again', 'repeats', 'violations', 'seconds'] as const;

/** One table over all scenarios. */
export function describeOutcomes(outcomes: readonly Outcome[]): string {
  const rows = [COLUMNS, ...outcomes.map(rowOf)];
  const widths = COLUMNS.map((_, column) => Math.max(...rows.map((row) => String(row[column]).length)));
  const lines = rows.map((row) => row.map((cell, column) => String(cell).padEnd(widths[column] ?? 0)).join('  '));
  return lines.map((line) => line.trimEnd()).join('\n');
}

/** What went wrong in a scenario, and why clients had to repeat. */
export function describeOutcome({ scenario, violations, reasons, remarks }: Outcome): string {
  const repeats = [...reasons].map(([reason, count]) => `${count} × ${reason}`).join(', ');
  const shown = violations
    .slice(0, SHOWN_VIOLATIONS)
    .map(({ rule, subject, detail }) => `  ${rule}: ${subject}: ${detail}`);
  const more = violations.length > SHOWN_VIOLATIONS ? [`  … ${violations.length - SHOWN_VIOLATIONS} more`] : [];
  const verdict = violations.length === 0 ? 'every promise kept' : `${violations.length} promises broken`;
  return [
    `${scenario.title}: ${verdict}`,
    ...remarks.map((remark) => `  ${remark}`),
    ...(repeats ? [`  clients repeated: ${repeats}`] : []),
    ...shown,
    ...more,
  ].join('\n');
}

function rowOf({ scenario, budget, executions, runAgain, reasons, violations, elapsedMs }: Outcome) {
  const repeats = [...reasons.values()].reduce((sum, count) => sum + count, 0);
  return [
    scenario.name,
    budget.faults,
    executions,
    runAgain,
    repeats,
    violations.length,
    Math.round(elapsedMs / 1_000),
  ];
}
