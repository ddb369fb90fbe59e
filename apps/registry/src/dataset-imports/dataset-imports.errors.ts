import { AppError } from '@dspy-nest/platform';

/** Thrown when rows come for an import that is not there: it was given up, ended, or its dataset was deleted. */
export class ImportLostError extends AppError {
  readonly code = 'import_lost';

  constructor(why: string) {
    super(`${why} Nothing of the file was added. Send it again; what is there already is not added twice.`);
  }
}
