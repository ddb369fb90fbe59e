import type { Field, FieldType, PrimitiveType } from '@dspy-nest/signature';
import { quote, renderComment } from './render-text';

const primitives: Readonly<Record<PrimitiveType, string>> = {
  string: 'string',
  int: 'number',
  float: 'number',
  bool: 'boolean',
  probability: 'number',
  reasoning: 'string[]',
  date: 'string',
  datetime: 'string',
  url: 'string',
  email: 'string',
  json: 'unknown',
  image: 'string',
};

/** The type of inputs, as a caller gives them: optional ones may be absent or null, those with a default absent. */
export function renderInputs(fields: readonly Field[], indent: string): string {
  return renderMembers(fields, indent, (field) => field.optional || field.default !== undefined);
}

/** The type of outputs: all of them are present, optional ones may be null. */
export function renderOutputs(fields: readonly Field[], indent: string): string {
  return renderMembers(fields, indent, () => false);
}

function renderMembers(fields: readonly Field[], indent: string, mayBeAbsent: (field: Field) => boolean): string {
  const inner = `${indent}  `;
  const members = fields.map((field) => {
    const type = renderType(field.type, inner);
    const value = field.optional ? orNull(type) : type;
    return `${renderComment(field.description, inner)}${inner}${field.name}${mayBeAbsent(field) ? '?' : ''}: ${value};\n`;
  });
  return `{\n${members.join('')}${indent}}`;
}

function renderType(type: FieldType, indent: string): string {
  if (typeof type === 'string') return primitives[type];
  switch (type.kind) {
    case 'list':
      return `${parenthesized(type.items, renderType(type.items, indent))}[]`;
    case 'dict':
      return renderDict(type.keys, renderType(type.values, indent));
    case 'optional':
      return orNull(renderType(type.of, indent));
    case 'union':
      return type.members.map((member) => renderType(member, indent)).join(' | ');
    case 'enum':
      return type.values.map((value) => (typeof value === 'string' ? quote(value) : String(value))).join(' | ');
    case 'object':
      return renderMembers(type.fields, indent, (field) => field.optional);
    case 'constrained':
      return renderType(type.of, indent);
  }
}

function renderDict(keys: FieldType, values: string): string {
  const record = `Record<${typeof keys === 'string' ? primitives[keys] : renderType(keys, '')}, ${values}>`;
  // Of an enum not every value need be there.
  return typeof keys === 'string' ? record : `Partial<${record}>`;
}

function orNull(type: string): string {
  return type === 'unknown' ? type : `${type} | null`;
}

function parenthesized(type: FieldType, text: string): string {
  return isUnion(type) ? `(${text})` : text;
}

function isUnion(type: FieldType): boolean {
  if (typeof type === 'string') return false;
  if (type.kind === 'constrained') return isUnion(type.of);
  return type.kind === 'optional' || type.kind === 'union' || (type.kind === 'enum' && type.values.length > 1);
}
