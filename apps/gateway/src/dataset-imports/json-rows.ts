import { BODY_MAX_BYTES, type ExampleRowV1, type JsonObject } from '@dspy-nest/contracts';
import { AppError, toWireError } from '@dspy-nest/platform';
import { parseJsonObject } from '../input/json-body';
import { unreadableLine, type RowLine } from '../uploads/row-lines';
import { placeOf, readSplit, RowFault, type FileFields } from './field-places';

const NESTED = ['inputs', 'outputs', 'split'];

/** Reads lines that are `{inputs, outputs?, split?}` as an export writes them, or the fields of an example side by side. */
export async function* jsonRows(lines: AsyncIterable<RowLine>, file: FileFields): AsyncGenerator<ExampleRowV1> {
  for await (const line of lines) yield rowOf(line, file);
}

function rowOf(row: RowLine, file: FileFields): ExampleRowV1 {
  const { line } = row;
  try {
    if (row.text === undefined) throw unreadableLine(row.fault, BODY_MAX_BYTES);
    return { line, ...exampleOf(parseJsonObject(row.text, 'The row'), file) };
  } catch (error) {
    if (error instanceof AppError) return { line, error: { ...toWireError(error), details: {} } };
    if (!(error instanceof RowFault)) throw error;
    return { line, error: { code: error.code, message: error.message, retryable: false, details: {} } };
  }
}

type Example = Omit<Extract<ExampleRowV1, { inputs: unknown }>, 'line'>;

function exampleOf(object: JsonObject, { fields, columns }: FileFields): Example {
  if (columns !== undefined) {
    const given = [...columns].filter(([, column]) => Object.hasOwn(object, column));
    return fromFields(Object.fromEntries(given.map(([field, column]) => [field, object[column]])), fields);
  }
  if (!isNested(object, fields)) return fromFields(object, fields);
  const { inputs, outputs, split } = object as { inputs: JsonObject; outputs?: JsonObject; split?: unknown };
  return {
    inputs,
    ...(outputs !== undefined && { outputs }),
    ...(split !== undefined && { split: readSplit(split) }),
  };
}

/** What is no field stays among the inputs, where it is told to be none. */
function fromFields(object: Record<string, unknown>, fields: FileFields['fields']): Example {
  const example: { inputs: JsonObject; outputs: JsonObject; split?: Example['split'] } = { inputs: {}, outputs: {} };
  for (const [name, value] of Object.entries(object) as [string, JsonObject[string]][]) {
    const place = placeOf(name, fields) ?? { side: 'inputs', field: name };
    if (place.side !== 'split') example[place.side][place.field] = value;
    else if (value !== null) example.split = readSplit(value);
  }
  return example;
}

function isNested(object: JsonObject, { inputs, outputs }: FileFields['fields']): boolean {
  if (inputs.includes('inputs') || outputs.includes('inputs')) return false;
  const { inputs: given, outputs: answers = {} } = object;
  return isObject(given) && isObject(answers) && Object.keys(object).every((name) => NESTED.includes(name));
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);
