import { z } from 'zod';
import { IfMatch } from './precondition';
import { OpenObject, ProgramName, Uuid, Version } from './primitives';
import { ProgramV1 } from './program.v1';

/**
 * What a program has learned, in the form in which DSPy saves it as JSON: for each predictor its demos, its instructions, the
 * prefixes and descriptions of its fields and the settings of its model.
 */
export const ProgramState = OpenObject.meta({
  id: 'ProgramState',
  description: "The JSON file of DSPy's `program.save`.",
});
export type ProgramState = z.infer<typeof ProgramState>;

/** Makes a new version of a program with a learned state. */
export const ProgramStateImportV1 = z
  .strictObject({ name: ProgramName, state: ProgramState, ifMatch: IfMatch.optional() })
  .meta({ id: 'ProgramStateImportV1' });
export type ProgramStateImportV1 = z.infer<typeof ProgramStateImportV1>;

/** Adds a version of a program with a learned state that is not published: who wants it asks for it by its number. */
export const ProgramCandidateAddV1 = z
  .strictObject({
    programId: Uuid,
    version: Version.meta({ description: 'The version that it has everything else of.' }),
    state: ProgramState,
  })
  .meta({ id: 'ProgramCandidateAddV1' });
export type ProgramCandidateAddV1 = z.infer<typeof ProgramCandidateAddV1>;

/** Something that was in a state, and was not kept. */
export const StateNote = z
  .strictObject({ pointer: z.string(), code: z.string(), message: z.string() })
  .meta({ id: 'StateNote' });
export type StateNote = z.infer<typeof StateNote>;

/** The version made by an import, and what of the state was not kept. */
export const ProgramStateImportedV1 = ProgramV1.extend({ notes: z.array(StateNote) }).meta({
  id: 'ProgramStateImportedV1',
});
export type ProgramStateImportedV1 = z.infer<typeof ProgramStateImportedV1>;

/** The learned state of one version of a program, as DSPy loads it. */
export const ProgramStateV1 = z
  .strictObject({ id: Uuid, version: Version, state: ProgramState })
  .meta({ id: 'ProgramStateV1' });
export type ProgramStateV1 = z.infer<typeof ProgramStateV1>;
