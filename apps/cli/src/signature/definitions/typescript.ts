import type ts from 'typescript';
import type { FoundDefinition } from './definition';
import { readLiteral } from './javascript-literal';

/** The compiler. It takes a while to load, so it is loaded when there is something to read with it, and handed on. */
export type TypeScript = typeof ts;

/** A syntax tree as a list. Not by recursion: a long chain of operators is a deep tree. */
export function listNodes(ts: TypeScript, root: ts.Node): ts.Node[] {
  const nodes: ts.Node[] = [];
  const pending = [root];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    nodes.push(node);
    ts.forEachChild(node, (child) => void pending.push(child));
  }
  return nodes;
}

/** The definition that a literal is; undefined for any other expression. */
export function literalDefinition(
  ts: TypeScript,
  node: ts.Expression | undefined,
  options: FoundDefinition['options'] = {},
): FoundDefinition | undefined {
  if (node === undefined || !ts.isStringLiteralLike(node)) return undefined;
  const start = node.getStart();
  return { ...readLiteral(node.getSourceFile().text.slice(start + 1, node.end - 1), start + 1), options };
}

/** The name and the instructions that an object literal says in plain text. */
export function literalOptions(ts: TypeScript, node: ts.Node | undefined): FoundDefinition['options'] {
  const name = literalMember(ts, node, 'name');
  const instructions = literalMember(ts, node, 'instructions');
  return { ...(name !== undefined && { name }), ...(instructions !== undefined && { instructions }) };
}

function literalMember(ts: TypeScript, node: ts.Node | undefined, name: string): string | undefined {
  const value = memberOf(ts, node, name);
  return value !== undefined && ts.isStringLiteralLike(value) ? value.text : undefined;
}

/** The value of a member of an object literal. */
export function memberOf(ts: TypeScript, node: ts.Node | undefined, name: string): ts.Expression | undefined {
  if (node === undefined || !ts.isObjectLiteralExpression(node)) return undefined;
  const member = node.properties.findLast(
    (property) => property.name !== undefined && nameOf(ts, property.name) === name,
  );
  return member !== undefined && ts.isPropertyAssignment(member) ? member.initializer : undefined;
}

function nameOf(ts: TypeScript, name: ts.PropertyName): string | undefined {
  return ts.isIdentifier(name) || ts.isStringLiteralLike(name) ? name.text : undefined;
}
