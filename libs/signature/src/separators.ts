import type { Place } from './name';

const separators = { input: '"," or "->"', output: '"," or the end', object: '"," or "}"' } as const;

/** What may follow a field, for a message. */
export const writeSeparators = <At extends Place, Name extends string>(
  place: At,
  field: Name,
): writeSeparators<At, Name> => `${separators[place]} after field "${field}"`;
export type writeSeparators<At extends Place, Name extends string> = `${(typeof separators)[At]} after field "${Name}"`;

type SideEnd = '' | `${'->' | '=>'}${string}`;

/** How the text goes on after the last field. */
export interface FieldsEnd {
  input: SideEnd;
  output: SideEnd;
  object: `}${string}`;
}
