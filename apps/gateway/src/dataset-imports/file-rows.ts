import { BODY_MAX_BYTES } from '@dspy-nest/contracts';
import { CSV_RECORD_MAX_BYTES, csvRecords } from '../csv/csv-records';
import { everyLine, rowLines } from '../uploads/row-lines';
import { csvRows, type FileRows } from './csv-rows';
import type { FileFields } from './field-places';
import { jsonRows } from './json-rows';

/** The forms of a file. */
export type FileFormat = 'csv' | 'jsonl';

/** The rows of a file as they come. Throws ValidationFailedError when the columns of CSV are not right. */
export async function fileRows(
  bytes: AsyncIterable<Buffer>,
  { format, ...file }: FileFields & { format: FileFormat },
): Promise<FileRows> {
  if (format === 'csv') return csvRows(csvRecords(everyLine(bytes, CSV_RECORD_MAX_BYTES)), file);
  return { rows: jsonRows(rowLines(bytes, BODY_MAX_BYTES), file) };
}
