import { AppError } from '@dspy-nest/platform';

/** Thrown when an execution asks for a way of running that this version does not have. */
export class UnsupportedOptionError extends AppError {
  readonly code = 'unsupported_option';

  constructor(option: string, given: string, allowed: readonly string[]) {
    super(`${option} "${given}" is not available; allowed: ${allowed.map((name) => `"${name}"`).join(', ')}.`, {
      details: {
        errors: [{ pointer: `/${option}`, code: 'unsupported_option', message: `Allowed: ${allowed.join(', ')}.` }],
      },
    });
  }
}
