import type { GraphQLSchema } from 'graphql';
import { ProgramSchema } from './program-schema';
import type { TypedExecution } from './program-types';

/** The member of `ProgramOutput` for executions of programs that have no types, such as deleted ones. */
export const UNTYPED_OUTPUT = 'UntypedOutput';

/** An execution as `Execution.result`: in the type of its program in the schema of the request; null when it gave nothing. */
export function programResult(
  schema: GraphQLSchema,
  programId: string,
  typed: TypedExecution,
): (TypedExecution & { readonly __typename: string }) | null {
  if (typed.outputs === null) return null;
  const types = schema instanceof ProgramSchema ? schema.typesOf(programId) : undefined;
  return { ...typed, __typename: types?.names.outputs ?? UNTYPED_OUTPUT };
}
