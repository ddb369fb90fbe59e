import { createHash } from 'node:crypto';
import type { BatchRowV1, Coercion, JsonObject, WireError } from '@dspy-nest/contracts';
import { AppError, toWireError } from '@dspy-nest/platform';
import { recordedCoercions } from '../lifecycle/execution-outcome';
import type { InputsCheck } from '../programs/inputs';

/** A row as it is stored: with inputs and the id of its execution, or with the reason why it cannot be run. */
export interface StoredRow {
  readonly index: number;
  readonly execution_id: string | null;
  /** Of what was sent, so that the same row is known again. */
  readonly digest: string;
  readonly inputs: JsonObject | null;
  readonly coercions: Coercion[] | null;
  readonly error: WireError | null;
}

/** What the rows of a batch are prepared with. */
interface Preparation {
  readonly batchId: string;
  readonly checkInputs: InputsCheck;
  /** Whether contents are kept beside the executions. */
  readonly record: boolean;
}

const DIGEST_CHARS = 22;

/** The row at a place, checked against the signature. One that cannot be run is kept with the reason. */
export function prepareRow(row: BatchRowV1, index: number, { batchId, checkInputs, record }: Preparation): StoredRow {
  // Before the check, which fills in defaults.
  const digest = createHash('sha256').update(JSON.stringify(row)).digest('base64url').slice(0, DIGEST_CHARS);
  const refused = (error: WireError): StoredRow => {
    return { index, execution_id: null, digest, inputs: null, coercions: null, error: storable(error) };
  };
  if ('error' in row) return refused(row.error);
  try {
    const { inputs, coercions } = checkInputs(row.inputs);
    const id = rowExecutionId(batchId, index);
    return { index, execution_id: id, digest, inputs, coercions: recordedCoercions(coercions, record), error: null };
  } catch (error) {
    if (error instanceof AppError) return refused(toWireError(error));
    throw error;
  }
}

/**
 * The id of the execution of a row: the same whoever makes it and however often, so that no row is run as two. A UUID of
 * version 8 with the time of the batch and the place of the row in front, so that executions of a batch lie together.
 */
export function rowExecutionId(batchId: string, index: number): string {
  const place = index.toString(16).padStart(6, '0');
  const own = createHash('sha256').update(`${batchId}/${index}`).digest('hex');
  return `${batchId.slice(0, 13)}-8${place.slice(0, 3)}-a${place.slice(3)}-${own.slice(0, 12)}`;
}

/** An error tells of what was sent, which may be text that Postgres has no place for. */
function storable(error: WireError): WireError {
  const text = JSON.stringify(error, (_name, value: unknown) =>
    typeof value === 'string' ? value.toWellFormed().replaceAll('\0', '\uFFFD') : value,
  );
  return JSON.parse(text) as WireError;
}
