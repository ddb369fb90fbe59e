import type { ErrorItem } from '@dspy-nest/contracts';
import { AppError } from '@dspy-nest/platform';
import type { SignatureSyntaxError } from '@dspy-nest/signature';

/** Thrown when the tenant has no signature of the name, or not that version of it. */
export class SignatureNotFoundError extends AppError {
  readonly code = 'signature_not_found';

  constructor(name: string, version?: number) {
    super(
      version === undefined
        ? `There is no signature "${name}". Create it first, or list the signatures to see which there are.`
        : `Signature "${name}" has no version ${version}. List its versions to see which there are.`,
    );
  }
}

/** Thrown when a definition is not a sentence of the signature language; `details.errors` gives each place. */
export class InvalidSignatureError extends AppError {
  readonly code = 'invalid_signature';

  constructor(cause: SignatureSyntaxError, pointer: string) {
    const errors: ErrorItem[] = cause.errors.map((error) => ({ pointer, ...error }));
    super(cause.message, { cause, details: { errors } });
  }
}
