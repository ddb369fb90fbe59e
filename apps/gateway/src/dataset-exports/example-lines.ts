import type { DatasetV1, ExampleV1, ExamplesV1 } from '@dspy-nest/contracts';
import { csvCell } from '../csv/csv-cell';

/** What is written of an example: what an import reads again. */
type WrittenExample = Pick<ExampleV1, 'inputs' | 'outputs' | 'split'>;

/** How examples are written: what stands before them, and each on a line. */
export interface LineFormat {
  readonly header: string;
  readonly line: (example: WrittenExample) => string;
}

/** JSON in lines, exact. */
export const JSON_LINES: LineFormat = {
  header: '',
  line: ({ inputs, outputs, split }) => JSON.stringify({ inputs, outputs, split }),
};

/** CSV with a column for each field and, unless a field is called so, for the split. No value is an empty cell. */
export function csvLines({ inputs, outputs }: DatasetV1['fields']): LineFormat {
  const hasSplit = ![...inputs, ...outputs].includes('split');
  const names = [...inputs, ...outputs, ...(hasSplit ? ['split'] : [])];
  return {
    header: `${names.map(csvCell).join(',')}\r\n`,
    line: (example) => {
      const values = [...inputs.map((name) => example.inputs[name]), ...outputs.map((name) => example.outputs[name])];
      return [...values, ...(hasSplit ? [example.split] : [])].map(cellOf).join(',');
    },
  };
}

/** The text of a file, page by page; the next is on its way while one is taken. */
export async function* exampleLines(
  first: ExamplesV1,
  { header, line }: LineFormat,
  next: (after: number) => Promise<ExamplesV1>,
): AsyncGenerator<string> {
  if (header !== '') yield header;
  const end = header === '' ? '\n' : '\r\n';
  for (let page: ExamplesV1 | undefined = first; page !== undefined;) {
    const { items, nextAfter }: ExamplesV1 = page;
    const following: Promise<ExamplesV1> | undefined = nextAfter === null ? undefined : next(nextAfter);
    // It is waited for once this page is taken; until then its error is nobody's.
    following?.catch(() => undefined);
    if (items.length > 0) yield `${items.map((example) => line(example)).join(end)}${end}`;
    page = await following;
  }
}

/** Numbers and truth values cannot be run as formulas, so that they stand as they are. */
function cellOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return csvCell(typeof value === 'string' ? value : JSON.stringify(value));
}
