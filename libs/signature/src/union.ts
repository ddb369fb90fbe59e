import { canonicalJson } from './canonical-json';
import type { FieldType } from './spec';
import type { TypeNode } from './type-node';

/** `T | U`: flat, without repeats; `None` among the members makes the whole optional. */
export function toUnion(nodes: readonly [TypeNode, ...TypeNode[]]): TypeNode {
  const [first] = nodes;
  if (nodes.length === 1) return first;
  const last = nodes.at(-1) ?? first;
  const span = { offset: first.offset, length: last.offset + last.length - first.offset };
  const optional = nodes.some((node) => node.optional);
  const broken = nodes.some((node) => node.broken === true);
  const typed = nodes.filter((node) => node.type !== undefined);
  const [only] = typed;
  if (only !== undefined && typed.length === 1) return { ...only, ...span, optional, broken };
  const members = distinct(typed.flatMap(toMembers));
  if (members.length === 0) return { ...span, optional, broken };
  const [sole] = members;
  const { type, constraints } = members.length === 1 && sole !== undefined ? unwrap(sole) : unionOf(members);
  return { ...span, optional, broken, type, ...(constraints && { constraints }) };
}
/** Adds one more member to what was read before it. */
export type toUnion<Left, Right> = Left extends readonly [infer A, infer OptionalA]
  ? Right extends readonly [infer B, infer OptionalB]
    ? [A | B, OptionalA extends true ? true : OptionalB]
    : Right
  : Left;

function toMembers({ type, constraints }: TypeNode): FieldType[] {
  if (type === undefined) return [];
  if (constraints !== undefined) return [{ kind: 'constrained', of: type, constraints }];
  return typeof type === 'object' && type.kind === 'union' ? type.members : [type];
}

function distinct(members: readonly FieldType[]): FieldType[] {
  return [...new Map(members.map((member) => [canonicalJson(member), member])).values()];
}

function unwrap(type: FieldType): Pick<TypeNode, 'type' | 'constraints'> {
  return typeof type === 'object' && type.kind === 'constrained'
    ? { type: type.of, constraints: type.constraints }
    : { type };
}

function unionOf(members: FieldType[]): Pick<TypeNode, 'type' | 'constraints'> {
  return { type: { kind: 'union', members } };
}
