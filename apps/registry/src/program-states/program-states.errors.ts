import { AppError } from '@dspy-nest/platform';

/** Thrown when a version of a program has no learned state. */
export class ProgramStateNotFoundError extends AppError {
  readonly code = 'program_state_not_found';

  constructor(program: string, version: number) {
    super(
      `Program "${program}" has learned nothing in version ${version}: it runs on its signature alone. ` +
        'Import a state that DSPy saved, or name a version that has one.',
    );
  }
}
