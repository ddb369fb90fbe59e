import type { SignatureErrorCode } from './errors';

/** The stable codes of `JsonSchemaIssue` beside those of the language itself. */
export const jsonSchemaErrorCodes = [
  'malformed_schema',
  'schema_too_large',
  'schema_too_deep',
  'unsupported_keyword',
  'unsupported_format',
  'unsupported_ref',
  'recursive_schema',
  'not_expressible',
] as const;

/** One place where JSON Schema and the language have no word for each other; `pointer` leads to it from `{input, output}`. */
export interface JsonSchemaIssue {
  code: (typeof jsonSchemaErrorCodes)[number] | SignatureErrorCode;
  pointer: string;
  message: string;
  hint?: string;
}

/** Thrown where a JSON Schema has no signature, or a signature no schema of the kind asked for; lists every place found. */
export class JsonSchemaError extends Error {
  readonly code = 'invalid_json_schema';
  readonly retryable = false;
  readonly errors: readonly JsonSchemaIssue[];

  constructor(errors: readonly JsonSchemaIssue[]) {
    super(errors.map(renderIssue).join('\n'));
    this.name = 'JsonSchemaError';
    this.errors = errors;
  }
}

function renderIssue({ pointer, message, hint }: JsonSchemaIssue): string {
  return `${pointer}: ${message}${hint === undefined ? '' : ` ${hint}`}`;
}

/** A JSON pointer one step further. */
export const below = (pointer: string, name: string | number): string =>
  `${pointer}/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`;
