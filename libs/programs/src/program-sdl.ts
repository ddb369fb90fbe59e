import { isSpecifiedScalarType, printType } from 'graphql';
import type { ProgramSchema } from './program-schema';
import type { ProgramTypes } from './program-types';

/** Texts of types that never change, however often the schema around them does. */
const texts = new WeakMap<ProgramTypes, string>();

/** The SDL that the programs of a schema add to that of its base: the same programs give the same text in every process. */
export function programsSdl(schema: ProgramSchema): string {
  return schema.programs.map(sdlOf).join('\n\n');
}

function sdlOf(programTypes: ProgramTypes): string {
  const known = texts.get(programTypes);
  if (known !== undefined) return known;
  const { names, types, query, mutation } = programTypes;
  const text = [
    ...types.filter((type) => !isSpecifiedScalarType(type)).map(printType),
    `extend ${printType(query)}`,
    `extend ${printType(mutation)}`,
    `extend union ProgramOutput = ${names.outputs}`,
  ].join('\n\n');
  texts.set(programTypes, text);
  return text;
}
