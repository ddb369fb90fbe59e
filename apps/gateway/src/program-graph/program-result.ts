import { programResult } from '@dspy-nest/programs';
import type { GraphQLResolveInfo } from 'graphql';
import { findExecution } from './delegated-calls';
import { ALWAYS_SELECTED_SDL, toTypedExecution, type SelectedExecution } from './typed-execution';

/** `Execution.result` is resolved here: the services below do not know which types of programs a request is served with. */
export const programResultResolvers = {
  Execution: {
    result: {
      selectionSet: ALWAYS_SELECTED_SDL,
      resolve: (selected: SelectedExecution, _args: object, _context: unknown, { schema }: GraphQLResolveInfo) => {
        const id = selected.dspyNest_id;
        const execution = (_none: object, context: unknown, info: GraphQLResolveInfo): unknown =>
          findExecution(id, context, info);
        return programResult(schema, selected.dspyNest_programId, toTypedExecution(selected, execution));
      },
    },
  },
};
