import { below } from '../json-schema-error';
import { writeEnumValueMessage } from '../enum';
import type { EnumValue } from '../spec';
import type { TypeNode } from '../type-node';
import { own, type SchemaNode, type SchemaReading } from './schema-reading';

const fitting: ReadonlyMap<unknown, (value: unknown) => boolean> = new Map<unknown, (value: unknown) => boolean>([
  ['string', (value) => typeof value === 'string'],
  ['integer', Number.isInteger],
  ['number', (value) => typeof value === 'number'],
  ['boolean', (value) => typeof value === 'boolean'],
  ['null', (value) => value === null],
]);

const isScalar = (value: unknown): value is EnumValue | null =>
  value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

/** Reads `enum` or `const`; null among the values makes the type optional. */
export function readEnum(reading: SchemaReading, node: SchemaNode, field: string): TypeNode | undefined {
  const keyword = Object.hasOwn(node.schema, 'const') ? 'const' : 'enum';
  reading.allowOnly(node, new Set([keyword, 'type']));
  const given = own(node.schema, keyword);
  const pointer = below(node.pointer, keyword);
  const values = keyword === 'const' ? [given] : given;
  if (!Array.isArray(values) || values.length === 0) {
    reading.report('malformed_schema', pointer, '"enum" must list at least one value.');
    return undefined;
  }
  if (!values.every(isScalar)) {
    reading.report('invalid_enum', pointer, writeEnumValueMessage(field));
    return undefined;
  }
  if (!fitType(own(node.schema, 'type'), values)) {
    reading.report(
      'invalid_enum',
      pointer,
      'A value does not have the type beside it.',
      'Leave out the one or the other.',
    );
  }
  return toEnum(values);
}

function fitType(type: unknown, values: readonly unknown[]): boolean {
  if (type === undefined) return true;
  const types: unknown[] = Array.isArray(type) ? type : [type];
  return values.every((value) => types.some((name) => fitting.get(name)?.(value) === true));
}

function toEnum(given: readonly (EnumValue | null)[]): TypeNode {
  const values = given.filter((value) => value !== null);
  const node = { offset: 0, length: 0, optional: values.length < given.length };
  return values.length === 0 ? node : { ...node, type: { kind: 'enum', values } };
}
