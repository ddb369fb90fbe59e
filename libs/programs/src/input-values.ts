import type { EnumValue, Field, FieldType } from '@dspy-nest/signature';
import { isGraphqlEnum } from './enum-names';

/** What a typed mutation was given, as the signature says it: where GraphQL has text for an enum, the enum may have numbers. */
export function toInputs(fields: readonly Field[], given: Record<string, unknown>): Record<string, unknown> {
  const types = new Map(fields.map(({ name, type }) => [name, type]));
  const entries = Object.entries(given).map(([name, value]) => [name, toInput(types.get(name) ?? 'json', value)]);
  return Object.fromEntries(entries) as Record<string, unknown>;
}

function toInput(type: FieldType, value: unknown): unknown {
  if (typeof type === 'string' || value === null) return value;
  switch (type.kind) {
    case 'list':
      return Array.isArray(value) ? value.map((item) => toInput(type.items, item)) : value;
    case 'object':
      return toInputs(type.fields, value as Record<string, unknown>);
    case 'enum':
      return isGraphqlEnum(type.values) ? value : enumValue(type.values, value);
    case 'optional':
    case 'constrained':
      return toInput(type.of, value);
    case 'dict':
    case 'union':
      return value;
  }
}

/** A text that names no value is left for the check of the inputs to refuse. */
function enumValue(values: readonly EnumValue[], text: unknown): unknown {
  if (values.some((value) => value === text)) return text;
  return values.find((value) => String(value) === text) ?? text;
}
