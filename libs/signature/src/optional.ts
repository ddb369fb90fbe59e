import type { Cursor } from './cursor';
import type { Fault } from './errors';
import { failArgumentCount } from './type-arguments';
import { requireType, type TypeNode } from './type-node';

/** `optional[T]`; `T?` and `T | None` mean the same. */
export function toOptional(cursor: Cursor, args: readonly TypeNode[], field: string): TypeNode {
  const [of] = args;
  if (of === undefined || args.length !== 1) return failArgumentCount(cursor, 'optional', field, 1, args);
  return { ...of, type: requireType(cursor, of, field), optional: true };
}
export type toOptional<Args extends readonly unknown[], Name extends string> = Args extends [
  readonly [infer Of, boolean],
]
  ? [requireType<Of, Name>] extends [Fault]
    ? requireType<Of, Name>
    : [Of, true]
  : failArgumentCount<'optional', Name, 1, Args>;
