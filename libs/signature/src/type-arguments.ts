import type { Cursor } from './cursor';
import type { Fault } from './errors';
import type { TypeNode } from './type-node';

export const writeArgumentCountMessage = <Type extends string, Expected extends number, Found extends number>(
  type: Type,
  expected: Expected,
  found: Found,
): writeArgumentCountMessage<Type, Expected, Found> =>
  `"${type}[…]" takes ${expected} type(s) in brackets, not ${found}.`;
export type writeArgumentCountMessage<
  Type extends string,
  Expected extends number,
  Found extends number,
> = `"${Type}[…]" takes ${Expected} type(s) in brackets, not ${Found}.`;

export const writeNoBracketsMessage = <Type extends string, Name extends string>(
  type: Type,
  field: Name,
): writeNoBracketsMessage<Type, Name> => `Type "${type}" of field "${field}" takes nothing in brackets.`;
export type writeNoBracketsMessage<
  Type extends string,
  Name extends string,
> = `Type "${Type}" of field "${Name}" takes nothing in brackets.`;

/** Reports a wrong number of types in brackets and leaves the field. */
export function failArgumentCount(cursor: Cursor, type: string, expected: number, found: readonly TypeNode[]): never {
  const first = found[0];
  const last = found.at(-1);
  const offset = first?.offset ?? cursor.offset;
  const span = { offset, length: last === undefined ? 1 : last.offset + last.length - offset };
  return cursor.fail('unsupported_type', writeArgumentCountMessage(type, expected, found.length), span);
}
export type failArgumentCount<Type extends string, Expected extends number, Found extends readonly unknown[]> = Fault<
  writeArgumentCountMessage<Type, Expected, Found['length']>
>;
