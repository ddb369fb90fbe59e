import type { ExampleRowV1, ExampleSplit } from '@dspy-nest/contracts';
import { ValidationFailedError } from '@dspy-nest/platform';
import { unguarded } from '../csv/csv-cell';
import type { CsvCell, CsvRecord } from '../csv/csv-records';
import { placeOf, readSplit, RowFault, type FieldPlace, type FileFields } from './field-places';

const COLUMNS_MAX = 1_000;
const SHOWN = 100;

/** The rows of a file, and the column that a pointer in a row stands for. */
export interface FileRows {
  readonly rows: AsyncIterable<ExampleRowV1>;
  readonly columns?: Record<string, string>;
}

/** Reads records, of which the first has the names of the columns. Throws ValidationFailedError when these are not right. */
export async function csvRows(records: AsyncGenerator<CsvRecord>, file: FileFields): Promise<FileRows> {
  const first = await records.next();
  if (first.done === true) return { rows: records as AsyncIterable<never> };
  const places = placesOf(readHeader(first.value), file);
  const columns = Object.fromEntries(
    places.flatMap(({ place, column }) =>
      place === undefined || place.side === 'split' ? [] : [[`/${place.side}/${place.field}`, column]],
    ),
  );
  return { rows: rowsOf(records, places), columns };
}

interface Column {
  readonly column: string;
  /** None where the column is not read. */
  readonly place: FieldPlace | undefined;
}

async function* rowsOf(records: AsyncIterable<CsvRecord>, places: readonly Column[]): AsyncGenerator<ExampleRowV1> {
  for await (const record of records) yield rowOf(record, places);
}

function rowOf(record: CsvRecord, places: readonly Column[]): ExampleRowV1 {
  const { line } = record;
  try {
    if ('fault' in record) throw new RowFault('csv_syntax', record.fault);
    if (record.cells.length === places.length) return { line, ...exampleOf(record.cells, places) };
    const message = `The row has ${record.cells.length} cells, and there are ${places.length} columns.`;
    throw new RowFault('wrong_number_of_cells', message);
  } catch (error) {
    if (!(error instanceof RowFault)) throw error;
    return { line, error: { code: error.code, message: error.message, retryable: false, details: {} } };
  }
}

function exampleOf(
  cells: readonly CsvCell[],
  places: readonly Column[],
): { inputs: Record<string, string>; outputs: Record<string, string>; split?: ExampleSplit } {
  const example: ReturnType<typeof exampleOf> = { inputs: {}, outputs: {} };
  for (const [index, { place }] of places.entries()) {
    const cell = cells[index];
    if (place === undefined || cell === null || cell === undefined) continue;
    if (place.side === 'split') example.split = readSplit(cell);
    else example[place.side][place.field] = unguarded(cell);
  }
  return example;
}

function readHeader(record: CsvRecord): string[] {
  if ('fault' in record)
    throw badHeader('csv_syntax', `The first line, with the names of the columns: ${record.fault}`);
  const names = record.cells.map((cell) => unguarded((cell ?? '').trim()));
  if (names.length > COLUMNS_MAX) {
    throw badHeader('too_many_columns', `The file has ${names.length} columns; at most ${COLUMNS_MAX} are read.`);
  }
  const twice = names.find((name, index) => name !== '' && names.indexOf(name) !== index);
  if (twice === undefined) return names;
  throw badHeader('column_twice', `Two columns are called ${shown(twice)}. Give each a name of its own.`);
}

function placesOf(names: readonly string[], { fields, columns }: FileFields): Column[] {
  if (columns === undefined) return names.map((column) => ({ column, place: knownPlace(column, fields) }));
  const places = new Map<string, FieldPlace>();
  for (const [field, column] of columns) {
    if (!names.includes(column)) {
      throw badHeader('column_missing', `There is no column ${shown(column)}; the file has ${listed(names)}.`);
    }
    places.set(column, knownPlace(field, fields));
  }
  return names.map((column) => ({ column, place: places.get(column) }));
}

function knownPlace(name: string, fields: FileFields['fields']): FieldPlace {
  const place = placeOf(name, fields);
  if (place !== undefined) return place;
  throw badHeader(
    'unknown_field',
    `${shown(name)} is no field of the dataset, which has ${listed([...fields.inputs, ...fields.outputs])}. The first line names ` +
      'the columns; say with "column=<field>:<column>" which are read, if their names are others.',
  );
}

function badHeader(code: string, message: string): ValidationFailedError {
  return new ValidationFailedError(message, [{ pointer: '', code, message }]);
}

const shown = (name: string): string => JSON.stringify(name.slice(0, SHOWN));
const listed = (names: readonly string[]): string => names.slice(0, SHOWN).map(shown).join(', ');
