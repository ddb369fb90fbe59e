import type { Cursor } from './cursor';
import type { Fault } from './errors';
import type { TypeNode } from './type-node';

export const writeArgumentCountMessage = <
  Type extends string,
  Name extends string,
  Expected extends number,
  Found extends number,
>(
  type: Type,
  field: Name,
  expected: Expected,
  found: Found,
): writeArgumentCountMessage<Type, Name, Expected, Found> =>
  `"${type}[…]" of field "${field}" takes ${expected} type(s) in brackets, not ${found}.`;
export type writeArgumentCountMessage<
  Type extends string,
  Name extends string,
  Expected extends number,
  Found extends number,
> = `"${Type}[…]" of field "${Name}" takes ${Expected} type(s) in brackets, not ${Found}.`;

export const writeNoBracketsMessage = <Type extends string, Name extends string>(
  type: Type,
  field: Name,
): writeNoBracketsMessage<Type, Name> => `Type "${type}" of field "${field}" takes nothing in brackets.`;
export type writeNoBracketsMessage<
  Type extends string,
  Name extends string,
> = `Type "${Type}" of field "${Name}" takes nothing in brackets.`;

/** Reports a wrong number of types in brackets and leaves the field. */
export function failArgumentCount(
  cursor: Cursor,
  type: string,
  field: string,
  expected: number,
  found: readonly TypeNode[],
): never {
  const first = found[0];
  const last = found.at(-1);
  const offset = first?.offset ?? cursor.offset;
  const span = { offset, length: last === undefined ? 1 : last.offset + last.length - offset };
  const hint =
    expected === 2 ? `Write ${type}[K, V].` : `Write ${type}[T]; several types for one value are joined by "|".`;
  return cursor.fail('unsupported_type', writeArgumentCountMessage(type, field, expected, found.length), span, hint);
}
export type failArgumentCount<
  Type extends string,
  Name extends string,
  Expected extends number,
  Found extends readonly unknown[],
> = Fault<writeArgumentCountMessage<Type, Name, Expected, Found['length']>>;
