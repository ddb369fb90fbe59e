import { Cursor, shorten, TextAborted } from './cursor';
import { SignatureSyntaxError, type Fault, type SignatureError } from './errors';
import { failFieldCount, parseField, type parseFields } from './grammar';
import { hashSpec } from './hash';
import { parseItems } from './items';
import type { Outermost } from './nesting';
import type { FieldOf } from './object';
import { printSignature } from './print';
import { halfPairHint, halfPairMessage } from './quoted';
import type { trimStart } from './scan';
import { writeSeparators } from './separators';
import { signatureLimits, type Field, type SignatureSpec } from './spec';

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
  /** What the model is told to do; an empty text is none. */
  instructions?: string;
}

/** Reads a signature in any of the three spellings; throws `SignatureSyntaxError` with all errors found in one pass. */
export function parseSignature(text: string, options: ParseOptions = {}): SignatureSpec {
  const { errors, ...sides } = readSides(text);
  if (errors.length > 0) throw new SignatureSyntaxError(text, errors);
  return toSpec(sides, options);
}
/** The fields of both sides as unions of `FieldOf`, or a fault. */
export type parseSignature<S extends string> = S extends string
  ? readOutputs<readSide<trimStart<S>, 'input', never>>
  : never;

/** Whether a text is a signature: with its spec, or with what is wrong and where. */
export interface SignatureCheck {
  valid: boolean;
  signature?: SignatureSpec;
  errors: SignatureError[];
}

/** Judges a text without throwing. */
export function checkSignature(text: string): SignatureCheck {
  const { errors, ...sides } = readSides(text);
  return errors.length > 0 ? { valid: false, errors } : { valid: true, signature: toSpec(sides, {}), errors };
}

function toSpec(
  { inputs, outputs }: Sides,
  { name = 'Signature', version = 1, instructions = '' }: ParseOptions,
): SignatureSpec {
  const definition = printSignature({ inputs, outputs });
  const content = { definition, ...(instructions !== '' && { instructions }), inputs, outputs };
  return { name, version, hash: hashSpec(content), ...content };
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
  : parseFields<S, Side, Taken, Outermost>;

type readOutputs<Read> = Read extends [infer Inputs extends FieldOf, infer Rest extends string]
  ? Rest extends `->${infer Outputs}`
    ? finish<Inputs, readSide<trimStart<Outputs>, 'output', Inputs['name']>>
    : Fault<missingArrowMessage>
  : Read;

type finish<Inputs, Read> = Read extends [infer Outputs, infer Rest extends string]
  ? Rest extends ''
    ? { inputs: Inputs; outputs: Outputs }
    : Fault<repeatedArrowMessage>
  : Read;

interface Sides {
  inputs: Field[];
  outputs: Field[];
}

function readSides(text: string): Sides & { errors: SignatureError[] } {
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
  if (atArrow(cursor)) readSurplus(cursor, taken);
}

function takeArrow(cursor: Cursor): void {
  if (cursor.take('->')) return;
  const span = cursor.peekToken();
  if (!cursor.startsWith('=>')) cursor.stop('missing_arrow', missingArrowMessage, span, 'Write inputs -> outputs.');
  cursor.report('missing_arrow', missingArrowMessage, { offset: cursor.offset, length: 2 }, 'Did you mean "->"?');
  cursor.take('=>');
}

// What stands behind a second arrow is judged once, whatever arrows follow.
function readSurplus(cursor: Cursor, taken: Set<string>): void {
  const span = { offset: cursor.offset, length: 2 };
  cursor.report('repeated_arrow', repeatedArrowMessage, span, 'Outputs cannot feed other outputs: chain two programs.');
  while (cursor.take('->') || cursor.take('=>')) if (!atSideEnd(cursor)) readFields(cursor, 'output', taken, []);
}

const atArrow = (cursor: Cursor): boolean => cursor.startsWith('->') || cursor.startsWith('=>');
const atSideEnd = (cursor: Cursor): boolean => cursor.atEnd || atArrow(cursor);

function readSide(cursor: Cursor, side: 'input' | 'output', taken: Set<string>, fields: Field[]): void {
  if (!atSideEnd(cursor)) return readFields(cursor, side, taken, fields);
  const noText = side === 'input' && cursor.atEnd;
  if (!noText) cursor.report('empty_side', writeEmptySideMessage(side), { offset: cursor.offset, length: 1 });
}

function readFields(cursor: Cursor, side: 'input' | 'output', taken: Set<string>, fields: Field[]): void {
  let count = 0;
  parseItems(cursor, {
    atEnd: () => atSideEnd(cursor),
    separators: () => writeSeparators(side, shorten(fields.at(-1)?.name ?? '')),
    hint: 'Fields are separated by commas; a description stands in quotes.',
    readItem: () => {
      count += 1;
      if (count > signatureLimits.fieldsPerSide) failFieldCount(cursor, `The ${side} side`);
      fields.push(parseField(cursor, side, taken));
    },
  });
}
