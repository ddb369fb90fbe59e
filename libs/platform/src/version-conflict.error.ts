import { entityTag } from '@dspy-nest/contracts';
import { AppError } from './errors';

/** Thrown when something is to be changed that is not any more what the caller saw. */
export class VersionConflictError extends AppError {
  readonly code = 'version_conflict';

  constructor(thing: string, version: number) {
    super(
      `${thing} was changed by somebody else: it is in version ${version} now, which is none of those of "If-Match". ` +
        'Read it again, and repeat the change on what you find.',
    );
  }
}

/** Holds a change to what its caller expects to find; without an expectation everything is right. Throws VersionConflictError. */
export function expectVersion(
  thing: string,
  found: { id: string; version: number },
  ifMatch: readonly string[] | undefined,
): void {
  if (ifMatch === undefined || ifMatch.includes(entityTag(found))) return;
  throw new VersionConflictError(thing, found.version);
}
