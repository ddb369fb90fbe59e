import { z } from 'zod';
import { ExecutionCreateV1 } from './execution.v1';
import { JSON_MAX_DEPTH } from './payload';
import { OpenObject } from './primitives';

/** Asks from outside of the platform for an execution: what the body of the REST call says, with the program in it. */
export const ProgramExecuteV1 = ExecutionCreateV1.omit({ id: true })
  .extend({
    inputs: OpenObject.refine((inputs) => !nestsDeeper(inputs, JSON_MAX_DEPTH - 1), {
      error: `must nest at most ${JSON_MAX_DEPTH - 1} levels`,
    }),
    wait: z.boolean().optional().meta({
      description: 'false: answer once it is accepted. true, the default: answer with the outcome.',
    }),
  })
  .meta({ id: 'ProgramExecuteV1' });
export type ProgramExecuteV1 = z.infer<typeof ProgramExecuteV1>;

/** Looks no deeper than it has to, so that no value is too deep for it. */
function nestsDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((member) => nestsDeeper(member, levels - 1));
}
