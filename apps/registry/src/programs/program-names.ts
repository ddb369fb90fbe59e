import { toPascalCase } from '@dspy-nest/signature';
import { NameConflictError } from '../name-conflict.error';

/** Mutations that the platform itself has or will have; a program's mutation must not shadow one. */
const RESERVED_MUTATION =
  /^((create|update|delete)(Signature|Program|Model|Dataset|Evaluation|Optimization|Experiment|Deployment|Batch|ApiKey)|(execute|publish)Program|cancel(Execution|Batch|Evaluation|Optimization|Experiment|Deployment))$/;

/** The GraphQL mutation of a program: `route-ticket` → `routeTicket`; throws NameConflictError on one of the platform's own. */
export function graphqlNameOf(program: string): string {
  const pascal = toPascalCase(program);
  const name = pascal.charAt(0).toLowerCase() + pascal.slice(1);
  if (RESERVED_MUTATION.test(name)) {
    throw new NameConflictError(
      `The name "${program}" is reserved: in GraphQL it would become the mutation "${name}" of the platform itself. ` +
        'Choose another name.',
    );
  }
  return name;
}
