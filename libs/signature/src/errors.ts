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
  'invalid_number',
  'invalid_enum',
  'invalid_dict_key',
  'invalid_constraint',
  'unsupported_pattern',
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
export function renderSignatureError(text: string, error: Omit<SignatureError, 'code' | 'line'>): string {
  const lineStart = error.offset - (error.column - 1);
  const start = betweenCharacters(text, Math.max(lineStart, error.offset - windowBefore));
  const end = betweenCharacters(text, Math.min(error.offset + windowAfter, text.length));
  const [shown = ''] = text.slice(start, end).split('\n', 1);
  const lead = start > lineStart ? '…' : '';
  const caretLength = Math.max(1, Math.min(error.length, start + shown.length - error.offset));
  const caret = ' '.repeat(lead.length + error.offset - start) + '^'.repeat(caretLength);
  const lines = [error.message, `  ${lead}${shown}`, `  ${caret}`];
  if (error.hint !== undefined) lines.push(`  ${error.hint}`);
  return lines.map((line) => line.replace(/\p{Cc}/gu, ' ').replace(/\p{Surrogate}/gu, '\ufffd')).join('\n');
}

// A window that cuts a character in two would put half of a surrogate pair into the answer.
function betweenCharacters(text: string, offset: number): number {
  return (text.codePointAt(offset - 1) ?? 0) > 0xffff ? offset - 1 : offset;
}

// A symbol, so that no object type of a signature can be taken for a fault.
declare const fault: unique symbol;

/** The compile-time form of an error: what a type-level parser returns in place of a result. */
export interface Fault<Message extends string = string> {
  readonly [fault]: Message;
}
