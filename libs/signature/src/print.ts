import { constraintNames } from './constraints';
import type { Constraints, Field, FieldType, SignatureSpec } from './spec';

/** The canonical text of a signature; reading it gives the same fields again. */
export function printSignature({ inputs, outputs }: Pick<SignatureSpec, 'inputs' | 'outputs'>): string {
  return `${printFields(inputs)} -> ${printFields(outputs)}`;
}

function printFields(fields: readonly Field[]): string {
  return fields.map(printField).join(', ');
}

/** The canonical text of one field. */
export function printField(field: Field): string {
  const type = printLimited(field.type, field.constraints);
  const value = field.default === undefined ? '' : ` = ${printValue(field.default)}`;
  const description = field.description === undefined ? '' : ` ${JSON.stringify(field.description)}`;
  return `${field.name}: ${field.optional ? printOptional(field.type, type) : type}${value}${description}`;
}

/** The canonical text of a type. */
export function printType(type: FieldType): string {
  if (typeof type === 'string') return type;
  switch (type.kind) {
    case 'list':
      return `list[${printType(type.items)}]`;
    case 'dict':
      return `dict[${printType(type.keys)}, ${printType(type.values)}]`;
    case 'optional':
      return printOptional(type.of, printType(type.of));
    case 'union':
      return type.members.map(printType).join(' | ');
    case 'enum':
      return `enum[${type.values.map(printValue).join(', ')}]`;
    case 'object':
      return `object{ ${printFields(type.fields)} }`;
    case 'constrained':
      return printLimited(type.of, type.constraints);
  }
}

// A question mark binds to the last member of a union only: it would read the same, but not say what it means.
function printOptional(type: FieldType, text: string): string {
  return typeof type === 'object' && type.kind === 'union' ? `optional[${text}]` : `${text}?`;
}

function printLimited(type: FieldType, constraints: Constraints = {}): string {
  const limits = constraintNames
    .filter((name) => constraints[name] !== undefined)
    .map((name) => `${name}=${printValue(constraints[name])}`);
  return limits.length === 0 ? printType(type) : `${printType(type)}(${limits.join(', ')})`;
}

// The parser refuses digits beyond 2^53, for a reader would take them for an exact number.
function printValue(value: unknown): string {
  const looksExact = typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value);
  return looksExact ? value.toExponential() : JSON.stringify(value);
}
