/** The stable codes of `SignatureError`. */
export const signatureErrorCodes = [
  'text_too_long',
  'missing_arrow',
  'repeated_arrow',
  'empty_side',
  'too_many_fields',
  'expected_name',
  'invalid_name',
  'reserved_name',
  'duplicate_name',
  'expected_type',
  'unknown_type',
  'unsupported_type',
  'too_deep',
  'unexpected_text',
  'invalid_string',
  'invalid_enum',
  'invalid_dict_key',
  'invalid_constraint',
  'invalid_default',
] as const;

export type SignatureErrorCode = (typeof signatureErrorCodes)[number];

/** One thing wrong with a signature text; `offset` and `length` count UTF-16 units, `line` and `column` start at 1. */
export interface SignatureError {
  code: SignatureErrorCode;
  message: string;
  hint?: string;
  offset: number;
  line: number;
  column: number;
  length: number;
}

/** Thrown by `parseSignature`: all errors found in one pass, each rendered with a caret in `message`. */
export class SignatureSyntaxError extends Error {
  readonly code = 'invalid_signature';
  readonly retryable = false;
  readonly errors: readonly SignatureError[];

  constructor(text: string, errors: readonly SignatureError[]) {
    super(errors.map((error) => renderSignatureError(text, error)).join('\n\n'));
    this.name = 'SignatureSyntaxError';
    this.errors = errors;
  }
}

const windowBefore = 60;
const windowAfter = 60;

/** Shows an error with its line of the text and a caret below the place; long lines are cut around the place. */
export function renderSignatureError(text: string, error: SignatureError): string {
  const lineStart = error.offset - (error.column - 1);
  const lineEnd = text.indexOf('\n', error.offset);
  const start = Math.max(lineStart, error.offset - windowBefore);
  const end = Math.min(lineEnd === -1 ? text.length : lineEnd, error.offset + windowAfter);
  const lead = start > lineStart ? '…' : '';
  const shown = text.slice(start, end).replace(/\p{Cc}/gu, ' ');
  const caretLength = Math.max(1, Math.min(error.length, end - error.offset));
  const caret = ' '.repeat(lead.length + error.offset - start) + '^'.repeat(caretLength);
  const lines = [error.message, `  ${lead}${shown}`, `  ${caret}`];
  if (error.hint !== undefined) lines.push(`  ${error.hint}`);
  return lines.join('\n');
}

// A symbol, so that no object type of a signature can be taken for a fault.
declare const fault: unique symbol;

/** The compile-time form of an error: what a type-level parser returns in place of a result. */
export interface Fault<Message extends string = string> {
  readonly [fault]: Message;
}
