import type { Cursor, Span } from './cursor';
import type { Fault } from './errors';
import { parseScalar } from './scalar';
import type { trimStart } from './scan';
import { signatureLimits, type EnumValue } from './spec';
import type { TypeNode } from './type-node';
import { failExpected } from './unexpected';

const enumValueExpected = 'a quoted text, a whole number, true or false';
type enumValueExpected = typeof enumValueExpected;

export const writeEnumValueMessage = <Name extends string>(field: Name): writeEnumValueMessage<Name> =>
  `A value of the enum of field "${field}" is not ${enumValueExpected}.`;
export type writeEnumValueMessage<Name extends string> =
  `A value of the enum of field "${Name}" is not ${enumValueExpected}.`;

export const writeRepeatedValueMessage = <Name extends string>(field: Name): writeRepeatedValueMessage<Name> =>
  `A value of the enum of field "${field}" is repeated.`;
export type writeRepeatedValueMessage<Name extends string> = `A value of the enum of field "${Name}" is repeated.`;

/** Reads `"a", "b"]` after `enum[`; `None` among the values makes the type optional. */
export function parseEnum(cursor: Cursor, field: string): Omit<TypeNode, keyof Span> {
  const values = new Set<EnumValue>();
  let optional = false;
  do {
    if (cursor.startsWith(']') && (values.size > 0 || optional)) break;
    const scalar = parseScalar(cursor) ?? failExpected(cursor, enumValueExpected);
    if (scalar.value === null) optional = true;
    else addValue(cursor, values, { ...scalar, value: scalar.value }, field);
  } while (cursor.take(','));
  if (!cursor.take(']')) failExpected(cursor, `"," or "]" in the enum of field "${field}"`);
  return values.size === 0 ? { optional } : { type: { kind: 'enum', values: [...values] }, optional };
}
export type parseEnum<S extends string, Name extends string> = readEnum<S, Name, never, false>;

type readEnum<S extends string, Name extends string, Values, Optional extends boolean> = [parseScalar<S>] extends [
  never,
]
  ? failExpected<enumValueExpected, S>
  : parseScalar<S> extends [infer Value, infer Rest extends string]
    ? [Value] extends [null]
      ? nextValue<Rest, Name, Values, true>
      : isWhole<Value> extends false
        ? Fault<writeEnumValueMessage<Name>>
        : isRepeated<Value, Values> extends true
          ? Fault<writeRepeatedValueMessage<Name>>
          : nextValue<Rest, Name, Values | Value, Optional>
    : parseScalar<S>;

type nextValue<S extends string, Name extends string, Values, Optional extends boolean> = S extends `,${infer Rest}`
  ? trimStart<Rest> extends `]${infer After}`
    ? [[Values, Optional], trimStart<After>]
    : readEnum<trimStart<Rest>, Name, Values, Optional>
  : S extends `]${infer Rest}`
    ? [[Values, Optional], trimStart<Rest>]
    : failExpected<`"," or "]" in the enum of field "${Name}"`, S>;

type isWhole<Value> = [Value] extends [number] ? (`${Value}` extends `${bigint}` ? true : false) : true;

// A text with \u escapes is any string at compile time, and tells nothing about repeats.
type isRepeated<Value, Values> = [Value] extends [Values] ? (string extends Values ? false : true) : false;

function addValue(cursor: Cursor, values: Set<EnumValue>, scalar: Span & { value: EnumValue }, field: string): void {
  const { value } = scalar;
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    cursor.report('invalid_enum', writeEnumValueMessage(field), scalar);
  } else if (values.has(value)) {
    cursor.report('invalid_enum', writeRepeatedValueMessage(field), scalar, 'Leave it out.');
  } else if (values.size === signatureLimits.enumValues) {
    const message = `The enum of field "${field}" has more than ${signatureLimits.enumValues} values.`;
    cursor.fail('invalid_enum', message, scalar, 'Use string and list the values in the description.');
  }
  values.add(value);
}
