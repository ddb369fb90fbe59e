import { printable } from '../../output';
import { countsOf } from '../dataset';
import type { Imported, Previewed, RowError } from './send-file';

/** What came of an import, for people. */
export function describeImport(imported: Imported, isDryRun: boolean): string {
  const { received, added, duplicates, invalid, errors } = imported.report;
  const said = `${received} rows: ${added} ${isDryRun ? 'would be added' : 'added'}, ${duplicates} there already, ${invalid} no examples`;
  const more = invalid > errors.length ? ['  …'] : [];
  const now = `${imported.name} version ${imported.version} has ${countsOf(imported.examples)}.`;
  const strata = (imported.strata ?? []).map((one) => `  ${printable(JSON.stringify(one.value))}: ${countsOf(one)}`);
  return [said, ...errors.map(describeError), ...more, now, ...strata, ''].join('\n');
}

/** Rows as the examples they would be, for people. */
export function describePreview({ items }: Previewed): string {
  const lines = items.flatMap(({ line, row, example, errors }) =>
    example === null ? errors.map(describeError) : [`  line ${line ?? row + 1}: ${printable(JSON.stringify(example))}`],
  );
  return `${[...lines, `${items.length} rows, ${items.filter(({ example }) => example === null).length} no examples`].join('\n')}\n`;
}

function describeError({ row, line, column, pointer, message, value }: RowError): string {
  const place = [`line ${line ?? row + 1}`, column && `column "${column}"`, pointer].filter(Boolean).join(', ');
  return `  ${printable(`${place}: ${message}${value === undefined ? '' : ` It is ${value}.`}`)}`;
}
