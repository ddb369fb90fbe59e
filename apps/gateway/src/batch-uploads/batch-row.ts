import { BODY_MAX_BYTES, type BatchRowV1, type JsonObject } from '@dspy-nest/contracts';
import { AppError, toWireError } from '@dspy-nest/platform';
import { MalformedRequestError } from '../http/http.errors';
import { parseJsonObject } from '../input/json-body';
import { unreadableLine, type RowLine } from '../uploads/row-lines';

/** The row of a line. One that is no JSON object stays a row, with the reason and the line. */
export function rowOfLine(row: RowLine): BatchRowV1 {
  const { line } = row;
  try {
    if (row.text === undefined) throw unreadableLine(row.fault, BODY_MAX_BYTES);
    return { inputs: parseJsonObject(row.text, 'The row') };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { details, ...wire } = toWireError(error);
    const errors = details.errors?.map((place) => ({ ...place, line }));
    return {
      error: { ...wire, message: `Line ${line}: ${wire.message}`, details: { ...details, ...(errors && { errors }) } },
    };
  }
}

/** The row of a member of an array. */
export function rowOfValue(value: unknown): BatchRowV1 {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { inputs: value as JsonObject };
  const message = 'The row must be a JSON object with the inputs of one execution.';
  return {
    error: toWireError(new MalformedRequestError(message, [{ pointer: '', code: 'json_not_an_object', message }])),
  };
}
