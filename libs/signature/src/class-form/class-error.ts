import type { SignatureErrorCode } from '../errors';

/** The stable codes of what is wrong with a class, beside those of the signature language. */
export type ClassErrorCode =
  | 'not_a_signature'
  | 'invalid_signature_name'
  | 'unknown_property_type'
  | 'contradiction'
  | 'unsupported_validator'
  | 'recursive_class'
  | 'undeclared_member';

/** One thing wrong with a class that is to be a signature. */
export interface SignatureClassIssue {
  className: string;
  /** Absent when it is the class itself. */
  property?: string;
  code: ClassErrorCode | SignatureErrorCode;
  message: string;
  hint?: string;
}

/** Thrown by `specOf`: all that keeps a class from being a signature. */
export class SignatureClassError extends Error {
  readonly code = 'invalid_signature_class';
  readonly retryable = false;
  readonly errors: readonly SignatureClassIssue[];

  constructor(errors: readonly SignatureClassIssue[]) {
    super(errors.map(renderIssue).join('\n'));
    this.name = 'SignatureClassError';
    this.errors = errors;
  }
}

function renderIssue({ className, property, message, hint }: SignatureClassIssue): string {
  const place = property === undefined ? className : `${className}.${property}`;
  return hint === undefined ? `${place}: ${message}` : `${place}: ${message} ${hint}`;
}

/** Thrown where a property cannot be read; the reader of its class adds the place. */
export class PropertyFault extends Error {
  readonly code: SignatureClassIssue['code'];
  readonly hint: string;

  constructor(code: SignatureClassIssue['code'], message: string, hint: string) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}
