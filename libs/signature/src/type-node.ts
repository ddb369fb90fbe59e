import type { Cursor, Span } from './cursor';
import type { Fault } from './errors';
import type { Constraints, FieldType } from './spec';
import { hintForUnsupportedType, writeUnsupportedTypeMessage } from './unsupported';

/** A type as read, before it is known whether it stands in a field or inside another type. */
export interface TypeNode extends Span {
  /** Absent when only `None` was read. */
  type?: FieldType;
  constraints?: Constraints;
  optional: boolean;
  /** An error was reported for it; what depends on it is not judged. */
  broken?: boolean;
}

/** A type whose place is not known yet. */
export type Operand = Omit<TypeNode, keyof Span>;

/** Refuses `None` that stands alone. */
export function requireType(cursor: Cursor, node: TypeNode, field: string): FieldType {
  if (node.type === undefined) {
    cursor.report('unsupported_type', writeUnsupportedTypeMessage('None', field), node, hintForUnsupportedType('None'));
  }
  return node.type ?? 'json';
}
export type requireType<Type, Name extends string> = [Type] extends [never]
  ? Fault<writeUnsupportedTypeMessage<'None', Name>>
  : Type;

/** The type as a part of another type: constraints and optional become kinds. */
export function nestType(cursor: Cursor, node: TypeNode, field: string): FieldType {
  const type = requireType(cursor, node, field);
  const { constraints } = node;
  const limited: FieldType = constraints === undefined ? type : { kind: 'constrained', of: type, constraints };
  return node.optional ? { kind: 'optional', of: limited } : limited;
}
export type nestType<Node, Name extends string> = Node extends readonly [infer Type, infer Optional]
  ? [Type] extends [never]
    ? requireType<Type, Name>
    : Optional extends true
      ? Type | null
      : Type
  : Node;
