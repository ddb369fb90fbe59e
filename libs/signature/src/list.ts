import type { Cursor } from './cursor';
import type { Fault } from './errors';
import type { FieldType } from './spec';
import { failArgumentCount } from './type-arguments';
import { nestType, type TypeNode } from './type-node';

/** `list[T]`. */
export function toList(cursor: Cursor, args: readonly TypeNode[], field: string): FieldType {
  const [items] = args;
  if (items === undefined || args.length !== 1) return failArgumentCount(cursor, 'list', 1, args);
  return { kind: 'list', items: nestType(cursor, items, field) };
}
export type toList<Args extends readonly unknown[], Name extends string> = Args extends [infer Items]
  ? listOf<nestType<Items, Name>>
  : failArgumentCount<'list', 1, Args>;

type listOf<Item> = [Item] extends [Fault] ? Item : [Item[], false];
