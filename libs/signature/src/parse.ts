import { Cursor, FieldAborted, TextAborted } from './cursor';
import { SignatureSyntaxError, type Fault, type SignatureError } from './errors';
import { failFieldCount, parseField, type parseFields } from './grammar';
import { hashSpec } from './hash';
import type { FieldOf } from './object';
import { printSignature } from './print';
import { halfPairHint, halfPairMessage } from './quoted';
import type { trimStart } from './scan';
import { skipField } from './skip';
import { signatureLimits, type Field, type SignatureSpec } from './spec';
import { failExpected, writeExpectedMessage } from './unexpected';

export const missingArrowMessage = 'A signature needs "->" between its inputs and its outputs.';
type missingArrowMessage = typeof missingArrowMessage;

export const repeatedArrowMessage = 'A signature has one "->" only.';
type repeatedArrowMessage = typeof repeatedArrowMessage;

export const writeEmptySideMessage = <Side extends 'input' | 'output'>(side: Side): writeEmptySideMessage<Side> =>
  `A signature needs at least one ${side}.`;
export type writeEmptySideMessage<Side extends 'input' | 'output'> = `A signature needs at least one ${Side}.`;

/** What the text of a signature does not say. */
export interface ParseOptions {
  /** `Signature` when absent. */
  name?: string;
  /** 1 when absent. */
  version?: number;
  instructions?: string;
}

/** Reads a signature in any of the three spellings; throws `SignatureSyntaxError` with all errors found in one pass. */
export function parseSignature(text: string, options: ParseOptions = {}): SignatureSpec {
  const { inputs, outputs, errors } = readFields(text);
  if (errors.length > 0) throw new SignatureSyntaxError(text, errors);
  const { name = 'Signature', version = 1, instructions } = options;
  const definition = printSignature({ inputs, outputs });
  const content = { definition, ...(instructions !== undefined && { instructions }), inputs, outputs };
  return { name, version, hash: hashSpec(content), ...content };
}
/** The fields of both sides as unions of `FieldOf`, or a fault. */
export type parseSignature<S extends string> = readOutputs<readSide<trimStart<S>, 'input', never>>;

/** Judges a text without throwing; no errors means valid. */
export function checkSignature(text: string): { valid: boolean; errors: SignatureError[] } {
  const { errors } = readFields(text);
  return { valid: errors.length === 0, errors };
}

type readSide<S extends string, Side extends 'input' | 'output', Taken extends string> = S extends
  '' | `${'->' | '=>'}${string}`
  ? Fault<
      Side extends 'input'
        ? S extends ''
          ? missingArrowMessage
          : writeEmptySideMessage<Side>
        : writeEmptySideMessage<Side>
    >
  : parseFields<S, Side, Taken>;

type readOutputs<Read> = Read extends [infer Inputs extends FieldOf, infer Rest extends string]
  ? Rest extends `->${infer Outputs}`
    ? finish<Inputs, readSide<trimStart<Outputs>, 'output', Inputs['name']>>
    : Rest extends '' | `=>${string}`
      ? Fault<missingArrowMessage>
      : failExpected<'"," or "->"', Rest>
  : Read;

type finish<Inputs, Read> = Read extends [infer Outputs, infer Rest extends string]
  ? Rest extends ''
    ? { inputs: Inputs; outputs: Outputs }
    : Rest extends `->${string}`
      ? Fault<repeatedArrowMessage>
      : failExpected<'"," or the end', Rest>
  : Read;

interface Sides {
  inputs: Field[];
  outputs: Field[];
}

function readFields(text: string): Sides & { errors: SignatureError[] } {
  const cursor = new Cursor(text);
  const sides: Sides = { inputs: [], outputs: [] };
  try {
    readText(cursor, sides);
  } catch (error) {
    if (!(error instanceof TextAborted)) throw error;
  }
  return { ...sides, errors: cursor.errors.toSorted((a, b) => a.offset - b.offset) };
}

function readText(cursor: Cursor, sides: Sides): void {
  const limit = signatureLimits.textLength;
  if (cursor.text.length > limit) {
    cursor.stop('text_too_long', `A signature has at most ${limit} characters.`, { offset: limit, length: 1 });
  }
  const halfPair = cursor.text.search(/\p{Surrogate}/u);
  if (halfPair !== -1) cursor.stop('invalid_string', halfPairMessage, { offset: halfPair, length: 1 }, halfPairHint);
  const taken = new Set<string>();
  cursor.skipBlank();
  readSide(cursor, 'input', taken, sides.inputs);
  takeArrow(cursor);
  readSide(cursor, 'output', taken, sides.outputs);
  if (cursor.startsWith('->')) {
    cursor.report(
      'repeated_arrow',
      repeatedArrowMessage,
      { offset: cursor.offset, length: 2 },
      'Outputs cannot feed other outputs: chain two programs.',
    );
  }
}

function takeArrow(cursor: Cursor): void {
  if (cursor.take('->')) return;
  const span = cursor.peekToken();
  if (!cursor.startsWith('=>')) cursor.stop('missing_arrow', missingArrowMessage, span, 'Write inputs -> outputs.');
  cursor.report('missing_arrow', missingArrowMessage, { offset: cursor.offset, length: 2 }, 'Did you mean "->"?');
  cursor.take('=>');
}

const atSideEnd = (cursor: Cursor): boolean => cursor.atEnd || cursor.startsWith('->') || cursor.startsWith('=>');

function readSide(cursor: Cursor, side: 'input' | 'output', taken: Set<string>, fields: Field[]): void {
  if (atSideEnd(cursor)) {
    const noText = side === 'input' && cursor.atEnd;
    if (!noText) cursor.report('empty_side', writeEmptySideMessage(side), { offset: cursor.offset, length: 1 });
    return;
  }
  let count = 0;
  do {
    if (atSideEnd(cursor)) break;
    count += 1;
    if (count > signatureLimits.fieldsPerSide) failFieldCount(cursor, `The ${side} side`);
    readField(cursor, side, taken, fields);
  } while (cursor.take(','));
}

// A field in error is left at its end, so that the fields after it are judged too.
function readField(cursor: Cursor, side: 'input' | 'output', taken: Set<string>, fields: Field[]): void {
  const start = cursor.offset;
  try {
    fields.push(parseField(cursor, side, taken));
    if (!cursor.startsWith(',') && !atSideEnd(cursor)) failSeparator(cursor, side);
  } catch (error) {
    if (!(error instanceof FieldAborted)) throw error;
    skipField(cursor, start);
  }
}

function failSeparator(cursor: Cursor, side: 'input' | 'output'): never {
  const found = cursor.peekToken();
  const message = writeExpectedMessage(side === 'input' ? '"," or "->"' : '"," or the end', found.text);
  return cursor.fail(
    'unexpected_text',
    message,
    found,
    'Fields are separated by commas; a description stands in quotes.',
  );
}
