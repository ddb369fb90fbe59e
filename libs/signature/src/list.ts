import type { Cursor } from './cursor';
import type { Fault } from './errors';
import { failArgumentCount } from './type-arguments';
import { nestType, type Operand, type TypeNode } from './type-node';

/** `list[T]`. */
export function toList(cursor: Cursor, args: readonly TypeNode[], field: string): Operand {
  const [items] = args;
  if (items === undefined || args.length !== 1) return failArgumentCount(cursor, 'list', field, 1, args);
  return { type: { kind: 'list', items: nestType(cursor, items, field) }, optional: false };
}
export type toList<Args extends readonly unknown[], Name extends string> = Args extends [infer Items]
  ? listOf<nestType<Items, Name>>
  : failArgumentCount<'list', Name, 1, Args>;

type listOf<Item> = [Item] extends [Fault] ? Item : [Item[], false];
