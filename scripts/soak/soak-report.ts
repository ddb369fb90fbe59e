import type { Trend } from './flatness';

const TITLES = ['figure', 'median', 'highest', 'growth', 'allowed', ''] as const;

/** One line for each figure. */
export function describeTrends(trends: readonly Trend[]): string {
  const rows = [TITLES, ...trends.map(rowOf)];
  const widths = TITLES.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const aligned = (row: readonly string[]) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)));
  return rows.map((row) => aligned(row).join('  ').trimEnd()).join('\n');
}

function rowOf({ series, median, highest, drift, allowed, isFlat }: Trend): string[] {
  const figures = [median, highest, drift, allowed].map((value) => value.toFixed(1));
  return [`${series.name}${series.unit === '' ? '' : `, ${series.unit}`}`, ...figures, isFlat ? 'flat' : 'GROWS'];
}
