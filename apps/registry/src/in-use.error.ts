import { AppError } from '@dspy-nest/platform';

const NAMES_SHOWN = 5;

/** Thrown when something is to be deleted that programs need; `details.programs` names them all. */
export class InUseError extends AppError {
  readonly code = 'in_use';

  constructor(thing: string, programs: readonly string[], remedy: string) {
    const shown = programs.slice(0, NAMES_SHOWN).map((program) => `"${program}"`);
    const more = programs.length > NAMES_SHOWN ? ` and ${programs.length - NAMES_SHOWN} more` : '';
    const noun = programs.length === 1 ? 'program' : 'programs';
    super(`${thing} is in use by ${noun} ${shown.join(', ')}${more}. ${remedy}`, { details: { programs } });
  }
}
