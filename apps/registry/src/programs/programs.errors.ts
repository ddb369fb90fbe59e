import { AppError } from '@dspy-nest/platform';

/** Thrown when the tenant has no program of the name or id. */
export class ProgramNotFoundError extends AppError {
  readonly code = 'program_not_found';

  constructor(program: string) {
    super(`There is no program "${program}". Create it first, or list the programs to see which there are.`);
  }
}

/** Thrown when a program does not have the version asked for. */
export class ProgramVersionNotFoundError extends AppError {
  readonly code = 'program_version_not_found';

  constructor(program: string, version: number) {
    super(`Program "${program}" has no version ${version}. List its versions to see which there are.`);
  }
}
