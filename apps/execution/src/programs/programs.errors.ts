import type { ErrorItem } from '@dspy-nest/contracts';
import { AppError } from '@dspy-nest/platform';

/** Thrown when inputs do not fit the signature; `items` point into the request. */
export class InvalidInputsError extends AppError {
  readonly code = 'invalid_inputs';

  constructor(signature: string, items: ErrorItem[]) {
    super(`The inputs do not fit signature ${signature}: ${items.map((item) => item.message).join(' ')}`, {
      details: { errors: items },
    });
  }
}
