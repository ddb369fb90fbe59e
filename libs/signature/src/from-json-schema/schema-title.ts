import { limitedTypeSchema } from '../json-schema';
import { checkSignature, parseSignature } from '../parse';
import { printType } from '../print';
import type { Field, FieldType } from '../spec';
import type { TypeNode } from '../type-node';
import { isAnnotation, own, type SchemaNode } from './schema-reading';

const longestTitle = 200;

/** Reads the type that a schema has for its title, if the schema says the same; any other title is a title. */
export function readTitle({ schema }: SchemaNode): TypeNode | undefined {
  const title = own(schema, 'title');
  const field = typeof title === 'string' && title.length <= longestTitle ? parseTitle(title) : undefined;
  if (field === undefined || !isSchemaOf(field, schema)) return undefined;
  const { type, constraints } = field;
  return { offset: 0, length: 0, type, optional: false, ...(constraints && { constraints }) };
}

function parseTitle(title: string): Field | undefined {
  const definition = `x -> y: ${title}`;
  if (!checkSignature(definition).valid) return undefined;
  const [field] = parseSignature(definition).outputs;
  // Only the canonical text, so that nothing but a type can stand there.
  return field !== undefined && printType(typeOf(field)) === title ? field : undefined;
}

function typeOf({ type, constraints, optional }: Field): FieldType {
  const limited: FieldType = constraints === undefined ? type : { kind: 'constrained', of: type, constraints };
  return optional ? { kind: 'optional', of: limited } : limited;
}

function isSchemaOf({ type, constraints }: Field, schema: Readonly<Record<string, unknown>>): boolean {
  const expected = limitedTypeSchema(type, constraints);
  const others = Object.keys(schema).filter((keyword) => !Object.hasOwn(expected, keyword));
  return Object.hasOwn(expected, 'title') && says(schema, expected) && others.every(isAnnotation);
}

/** Whether a schema has all that is expected; goes no deeper than the expected. */
function says(given: unknown, expected: unknown): boolean {
  if (typeof expected !== 'object' || expected === null) return given === expected;
  if (typeof given !== 'object' || given === null) return false;
  const members = given as Record<string, unknown>;
  return Object.entries(expected).every(([name, value]) => says(own(members, name), value));
}
