import { shorten, type Cursor } from './cursor';
import type { Fault } from './errors';
import { signatureLimits } from './spec';

/** Where a type stands: in which field, as messages name it (`a.b` for a field of an object), and below how many brackets. */
export interface Inside {
  field: string;
  depth: number;
}
/** `Inside` at compile time. */
export interface InsideOf {
  field: string;
  depth: readonly unknown[];
}

/** Where the sides of a signature stand. */
export interface Outermost {
  field: '';
  depth: [];
}

/** Where the type of a field stands. */
export const inField = (name: string, outer?: Inside): Inside => ({
  field: shorten(outer === undefined ? name : `${outer.field}.${name}`),
  depth: outer?.depth ?? 0,
});
// An interface, because its members are not computed until somebody asks: most fields have no error.
export interface inField<Name extends string, Outer extends InsideOf> {
  field: Outer['field'] extends '' ? Name : `${Outer['field']}.${Name}`;
  depth: Outer['depth'];
}

type Levels = (typeof signatureLimits)['nesting'];

export const writeTooDeepMessage = <Name extends string>(field: Name): writeTooDeepMessage<Name> =>
  `The type of field "${field}" is nested deeper than ${signatureLimits.nesting} levels.`;
export type writeTooDeepMessage<Name extends string> =
  `The type of field "${Name}" is nested deeper than ${Levels} levels.`;

/** Where a type in the brackets at hand stands; too many of them are an error. */
export function deeper(cursor: Cursor, { field, depth }: Inside): Inside {
  if (depth === signatureLimits.nesting) {
    const span = { offset: cursor.offset, length: 1 };
    cursor.fail('too_deep', writeTooDeepMessage(field), span, 'Use json for the inner part.');
  }
  return { field, depth: depth + 1 };
}
export type deeper<In extends InsideOf> = In['depth']['length'] extends Levels
  ? Fault<writeTooDeepMessage<In['field']>>
  : { field: In['field']; depth: [...In['depth'], unknown] };
