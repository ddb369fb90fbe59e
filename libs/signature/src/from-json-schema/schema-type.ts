import { shorten } from '../cursor';
import { imagePattern, intKeyPattern } from '../json-schema';
import { below } from '../json-schema-error';
import type { Place } from '../name';
import {
  signatureLimits,
  type Constraints,
  type EnumValue,
  type Field,
  type FieldType,
  type PrimitiveType,
} from '../spec';
import type { TypeNode } from '../type-node';
import { toUnion } from '../union';
import { areDisjoint } from './disjoint-types';
import { findFieldErrors, findNameErrors } from './language-rules';
import { readEnum } from './schema-enum';
import { floatLimits, intLimits, listLimits, textLimits } from './schema-limits';
import { own, type SchemaNode, type SchemaReading } from './schema-reading';
import { readTitle } from './schema-title';

// A schema of an object holds schemas of its properties, as a type holds fields: this knot is one file.

type Read = TypeNode | undefined;

const span = { offset: 0, length: 0 };
const plain = (type: FieldType): TypeNode => ({ ...span, type, optional: false });

/** Reads the type that a schema without a reference means; undefined when it was refused. */
function readType(reading: SchemaReading, node: SchemaNode, field: string): Read {
  const { schema } = node;
  const titled = readTitle(node);
  if (titled !== undefined) return titled;
  if (Object.hasOwn(schema, 'anyOf')) return readUnion(reading, node, 'anyOf', field);
  if (Object.hasOwn(schema, 'oneOf')) return readUnion(reading, node, 'oneOf', field);
  if (Object.hasOwn(schema, 'enum') || Object.hasOwn(schema, 'const')) return readEnum(reading, node, field);
  if (Object.hasOwn(schema, 'type')) return readTyped(reading, node, field);
  reading.allowOnly(node, new Set(), 'Say the "type" it belongs to.');
  return plain('json');
}

/** Reads the type inside another one, where constraints and optional are kinds. */
function readInner(reading: SchemaReading, given: SchemaNode | undefined, field: string): FieldType | undefined {
  const node = given && reading.resolve(given);
  const read = node && readType(reading, node, field);
  if (node === undefined || read === undefined) return undefined;
  const type = requireType(reading, read, node);
  const limited: FieldType | undefined =
    type === undefined || read.constraints === undefined
      ? type
      : { kind: 'constrained', of: type, constraints: read.constraints };
  return limited !== undefined && read.optional ? { kind: 'optional', of: limited } : limited;
}

function requireType(reading: SchemaReading, { type }: TypeNode, { pointer }: SchemaNode): FieldType | undefined {
  if (type === undefined) {
    const hint = 'Write anyOf with the type of the value beside it.';
    reading.report('unsupported_type', pointer, 'Null alone is not a type of the language.', hint);
  }
  return type;
}

function readUnion(reading: SchemaReading, node: SchemaNode, keyword: 'anyOf' | 'oneOf', field: string): Read {
  reading.allowOnly(node, new Set([keyword]));
  const pointer = below(node.pointer, keyword);
  const given = own(node.schema, keyword);
  if (!Array.isArray(given) || given.length === 0) {
    reading.report('malformed_schema', pointer, `"${keyword}" must list at least one schema.`);
    return undefined;
  }
  const members = given.map((schema: unknown, index) => {
    const child = reading.child(node, schema, keyword, index);
    const member = child && reading.resolve(child);
    return member && readType(reading, member, field);
  });
  if (!areAllRead(members)) return undefined;
  if (keyword === 'oneOf' && !isSameAsAnyOf(members)) {
    const message = 'A value can fit several of these schemas, and the language has no word for exactly one.';
    reading.report('unsupported_keyword', pointer, message, 'Write anyOf, or give each a tag of its own.');
  }
  return toUnion(members);
}

function areAllRead(members: readonly Read[]): members is [TypeNode, ...TypeNode[]] {
  return members.every((member) => member !== undefined);
}

function isSameAsAnyOf(members: readonly TypeNode[]): boolean {
  const types = members.flatMap(({ type }) => type ?? []);
  return members.filter(({ optional }) => optional).length <= 1 && areDisjoint(types);
}

interface TypeReader {
  keywords: readonly string[];
  read: (reading: SchemaReading, node: SchemaNode, field: string) => Read;
}

const typeReaders: ReadonlyMap<unknown, TypeReader> = new Map<unknown, TypeReader>([
  ['null', { keywords: [], read: () => ({ ...span, optional: true }) }],
  ['boolean', { keywords: [], read: () => plain('bool') }],
  ['string', { keywords: ['format', 'minLength', 'maxLength', 'pattern'], read: readText }],
  [
    'integer',
    {
      keywords: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'],
      read: (reading, node) => limited('int', intLimits(reading, node)),
    },
  ],
  ['number', { keywords: ['minimum', 'maximum'], read: (reading, node) => toNumber(floatLimits(reading, node)) }],
  ['array', { keywords: ['items', 'minItems', 'maxItems'], read: readList }],
  ['object', { keywords: ['properties', 'required', 'additionalProperties', 'propertyNames'], read: readObject }],
]);

function limited(type: FieldType, constraints: Constraints): TypeNode {
  return Object.keys(constraints).length === 0 ? plain(type) : { ...plain(type), constraints };
}

function toNumber(limits: Constraints = {}): TypeNode {
  return limits.min === 0 && limits.max === 1 ? plain('probability') : limited('float', limits);
}

function readTyped(reading: SchemaReading, node: SchemaNode, field: string): Read {
  const given = own(node.schema, 'type');
  const names: unknown[] = Array.isArray(given) ? given : [given];
  const readers = names.flatMap((name) => typeReaders.get(name) ?? []);
  if (readers.length === 0 || readers.length < names.length) {
    const message = '"type" must be string, integer, number, boolean, array, object or null, or a list of them.';
    reading.report('malformed_schema', below(node.pointer, 'type'), message);
    return undefined;
  }
  reading.allowOnly(node, new Set(['type', ...readers.flatMap(({ keywords }) => keywords)]));
  const members = readers.map(({ read }) => read(reading, node, field));
  return areAllRead(members) ? toUnion(members) : undefined;
}

const formatWords: ReadonlyMap<unknown, PrimitiveType> = new Map<unknown, PrimitiveType>([
  ['date', 'date'],
  ['date-time', 'datetime'],
  ['uri', 'url'],
  ['email', 'email'],
]);

function toText(limits: Constraints = {}): TypeNode {
  const isImage = limits.pattern === imagePattern && Object.keys(limits).length === 1;
  return isImage ? plain('image') : limited('string', limits);
}

function readText(reading: SchemaReading, node: SchemaNode): Read {
  const constraints = textLimits(reading, node);
  if (!Object.hasOwn(node.schema, 'format')) return toText(constraints);
  const word = formatWords.get(own(node.schema, 'format'));
  if (word === undefined) {
    const message = 'The formats the language has words for are date, date-time, uri and email.';
    reading.report('unsupported_format', below(node.pointer, 'format'), message, 'Leave it out, or write a pattern.');
    return undefined;
  }
  for (const keyword of Object.keys(constraints ?? {})) {
    // Pydantic says of a URL that it is not empty, as no text of these forms is.
    if (keyword === 'minLength' && own(node.schema, keyword) === 1) continue;
    const message = `The type ${word} checks the form itself and takes no limits beside it.`;
    reading.report(
      'unsupported_keyword',
      below(node.pointer, keyword),
      message,
      'Leave it out, or leave out the format.',
    );
  }
  return plain(word);
}

function readList(reading: SchemaReading, node: SchemaNode, field: string): Read {
  const given = own(node.schema, 'items');
  const items = readInner(reading, reading.child(node, given ?? true, 'items'), field);
  return items && limited({ kind: 'list', items }, listLimits(reading, node));
}

function readObject(reading: SchemaReading, node: SchemaNode, field: string): Read {
  if (!Object.hasOwn(node.schema, 'properties')) return readDict(reading, node, field);
  const fields = readFields(reading, node, 'object', new Set());
  if (fields.length === 0) {
    reading.report('unsupported_type', node.pointer, 'An object of the language has at least one property.', 'Leave "properties" out for a dict.'); // prettier-ignore
  }
  return plain({ kind: 'object', fields });
}

function readDict(reading: SchemaReading, node: SchemaNode, field: string): Read {
  if (Object.hasOwn(node.schema, 'required')) {
    const message = 'A dict of the language requires no names.';
    reading.report('unsupported_keyword', below(node.pointer, 'required'), message, 'Write "properties".');
  }
  const given = own(node.schema, 'additionalProperties');
  const values = readInner(reading, reading.child(node, given ?? true, 'additionalProperties'), field);
  const keys = readKeys(reading, node, field);
  return keys && values && plain({ kind: 'dict', keys, values });
}

function readKeys(reading: SchemaReading, node: SchemaNode, field: string): FieldType | undefined {
  const given = own(node.schema, 'propertyNames');
  const names = given === undefined ? undefined : reading.child(node, given, 'propertyNames');
  if (names === undefined) return given === undefined ? 'string' : undefined;
  if (own(names.schema, 'pattern') === intKeyPattern) {
    reading.allowOnly(names, new Set(['pattern', 'type']));
    return 'int';
  }
  return readInner(reading, names, field);
}

/** Reads the properties of an object as fields; those refused are left out. `taken` are names used before. */
export function readFields(reading: SchemaReading, node: SchemaNode, place: Place, taken: Set<string>): Field[] {
  const properties = own(node.schema, 'properties');
  const pointer = below(node.pointer, 'properties');
  if (typeof properties !== 'object' || properties === null || Array.isArray(properties)) {
    reading.report('malformed_schema', pointer, '"properties" must be an object of schemas.');
    return [];
  }
  refuseOpenObject(reading, node);
  const entries = Object.entries(properties);
  if (entries.length > signatureLimits.fieldsPerSide) {
    const message = `There are more than ${signatureLimits.fieldsPerSide} properties.`;
    reading.stop('too_many_fields', pointer, message, 'Group properties that belong together in an object.');
  }
  const required = readRequired(reading, node, properties);
  return entries.flatMap(([name, schema]) => {
    const child = reading.child(node, schema, 'properties', name);
    return (child && readField(reading, child, { name, isRequired: required.has(name), place, taken })) ?? [];
  });
}

function refuseOpenObject(reading: SchemaReading, node: SchemaNode): void {
  const more = own(node.schema, 'additionalProperties');
  if (more !== undefined && more !== false) {
    const message = 'An object of the language has the properties it names and no others.';
    reading.report('unsupported_keyword', below(node.pointer, 'additionalProperties'), message, 'Leave it out, or leave out "properties" for a dict.'); // prettier-ignore
  }
  if (Object.hasOwn(node.schema, 'propertyNames')) {
    const message = 'The names of an object are those under "properties".';
    reading.report('unsupported_keyword', below(node.pointer, 'propertyNames'), message, 'Leave it out.');
  }
}

function readRequired(reading: SchemaReading, node: SchemaNode, properties: object): Set<unknown> {
  const required = own(node.schema, 'required') ?? [];
  const pointer = below(node.pointer, 'required');
  if (!Array.isArray(required)) {
    reading.report('malformed_schema', pointer, '"required" must be a list of names.');
  } else if (!required.every((name) => typeof name === 'string' && Object.hasOwn(properties, name))) {
    reading.report('malformed_schema', pointer, '"required" names what "properties" does not have.');
  }
  return new Set(Array.isArray(required) ? required : []);
}

interface Property {
  name: string;
  isRequired: boolean;
  place: Place;
  taken: Set<string>;
}

function readField(reading: SchemaReading, given: SchemaNode, property: Property): Field | undefined {
  const { name, place, taken } = property;
  const before = reading.issues.length;
  for (const { code, message, hint } of findNameErrors(name, place, taken)) {
    reading.report(code, given.pointer, message, hint);
  }
  const node = reading.resolve(given);
  const read = node && readType(reading, node, shorten(name));
  if (node === undefined || read === undefined) return undefined;
  const type = requireType(reading, read, node);
  if (type === undefined) return undefined;
  const field = toField(reading, [given, node], { ...read, type }, property);
  // What is wrong below has been told at its own place.
  if (reading.issues.length > before) return undefined;
  for (const { code, message, hint } of findFieldErrors(field, place)) {
    reading.report(code, given.pointer, message, hint);
  }
  return field;
}

/** A description or default may stand where a definition is used or in the definition; the former is nearer. */
function toField(
  reading: SchemaReading,
  places: readonly SchemaNode[],
  { type, constraints, optional: nullable }: TypeNode & { type: FieldType },
  { name, isRequired, place }: Property,
): Field {
  const [description] = places.flatMap(({ schema }) => own(schema, 'description') ?? []);
  const holder = places.find(({ schema }) => Object.hasOwn(schema, 'default'));
  const given = holder && readDefault(reading, holder);
  const optional = nullable || (!isRequired && (place !== 'input' || holder === undefined));
  const says = given === undefined || (place !== 'input' && optional && given === null) ? {} : { default: given };
  return {
    name,
    type,
    optional,
    ...(constraints && { constraints }),
    ...says,
    ...(typeof description === 'string' && description !== '' && { description }),
  };
}

function readDefault(reading: SchemaReading, { schema, pointer }: SchemaNode): EnumValue | null | undefined {
  const value = own(schema, 'default');
  if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) return value as EnumValue | null;
  const message = 'A default of the language is a text, a number, true, false or null.';
  reading.report(
    'invalid_default',
    below(pointer, 'default'),
    message,
    'Leave it out and give the value with each call.',
  );
  return undefined;
}
