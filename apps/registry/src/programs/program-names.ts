import { NameConflictError } from '@dspy-nest/platform';
import { EXECUTION_FIELD, givesExecution, isReservedMutation, programNames } from '@dspy-nest/programs';

/** The GraphQL mutation of a program: `route-ticket` → `routeTicket`; throws NameConflictError on one of the platform's own. */
export function graphqlNameOf(program: string): string {
  const { mutation } = programNames(program);
  if (isReservedMutation(mutation)) {
    throw new NameConflictError(
      `The name "${program}" is reserved: in GraphQL it would become the mutation "${mutation}" of the platform itself. ` +
        'Choose another name.',
    );
  }
  return mutation;
}

/** Throws NameConflictError when an output would hide what GraphQL says of every execution. */
export function checkOutputNames(program: Parameters<typeof givesExecution>[0]): void {
  if (!givesExecution(program)) return;
  const message =
    `The output "${EXECUTION_FIELD}" of signature ${program.signature.name} clashes with the field of that name, ` +
    'through which GraphQL gives the execution beside its outputs. Give the output another name.';
  throw new NameConflictError(message, '/signature');
}
