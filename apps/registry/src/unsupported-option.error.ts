import { AppError } from '@dspy-nest/platform';

/** Thrown when a program or model asks for a way of running that this version of the platform does not have. */
export class UnsupportedOptionError extends AppError {
  readonly code = 'unsupported_option';

  constructor(option: string, given: string, allowed: readonly string[]) {
    const message = `${option} "${given}" is not available yet; use ${allowed.map((name) => `"${name}"`).join(', ')}.`;
    super(message, { details: { errors: [{ pointer: `/${option}`, code: 'unsupported_option', message }] } });
  }
}
