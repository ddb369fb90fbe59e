import type { EnumValue } from '@dspy-nest/signature';

const NAME = /^(?!__)[_A-Za-z][_0-9A-Za-z]*$/;
const NO_NAMES: readonly EnumValue[] = ['true', 'false', 'null'];

/** Whether all values of an enum can be those of a GraphQL enum; else the field is a String. */
export function isGraphqlEnum(values: readonly EnumValue[]): values is readonly string[] {
  return values.every((value) => typeof value === 'string' && NAME.test(value) && !NO_NAMES.includes(value));
}
