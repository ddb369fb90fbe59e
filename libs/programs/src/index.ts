export { ProgramCatalog } from './program-catalog';
export { givesExecution, type LeftOut, type TypedSchema } from './program-graph';
export { TypedSchemas } from './typed-schemas';
export { ProgramSchema } from './program-schema';
export { programsSdl } from './program-sdl';
export { programResult, UNTYPED_OUTPUT } from './program-result';
export {
  type ProgramCalls,
  type ProgramTypes,
  type RunArgs,
  type TypedConnection,
  type TypedExecution,
} from './program-types';
export { EXECUTION_FIELD, isProgramName, isReservedMutation, programNames } from './graphql-names';
