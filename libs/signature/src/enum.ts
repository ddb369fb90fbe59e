import type { Cursor, Span } from './cursor';
import type { Fault } from './errors';
import { parseBracketed } from './items';
import { parseScalar, type isWhole } from './scalar';
import type { trimStart } from './scan';
import { signatureLimits, type EnumValue } from './spec';
import type { Operand } from './type-node';
import { failExpected } from './unexpected';

const valueKinds = 'a quoted text, a whole number, true or false';
type valueKinds = typeof valueKinds;

const writeEnumValueExpected = <Name extends string>(field: Name): writeEnumValueExpected<Name> =>
  `${valueKinds} in the enum of field "${field}"`;
type writeEnumValueExpected<Name extends string> = `${valueKinds} in the enum of field "${Name}"`;

export const writeEnumValueMessage = <Name extends string>(field: Name): writeEnumValueMessage<Name> =>
  `A value of the enum of field "${field}" is not ${valueKinds}.`;
export type writeEnumValueMessage<Name extends string> = `A value of the enum of field "${Name}" is not ${valueKinds}.`;

export const writeRepeatedValueMessage = <Name extends string>(field: Name): writeRepeatedValueMessage<Name> =>
  `A value of the enum of field "${field}" is repeated.`;
export type writeRepeatedValueMessage<Name extends string> = `A value of the enum of field "${Name}" is repeated.`;

/** Reads `"a", "b"]` after `enum[`; `None` among the values makes the type optional. */
export function parseEnum(cursor: Cursor, field: string): Operand {
  const values = new Set<EnumValue>();
  let optional = false;
  const clean = parseBracketed(cursor, {
    close: ']',
    field,
    separators: () => `"," or "]" in the enum of field "${field}"`,
    readItem: () => {
      const scalar = parseScalar(cursor, field) ?? failExpected(cursor, writeEnumValueExpected(field));
      if (scalar.value === null) optional = true;
      else addValue(cursor, values, { ...scalar, value: scalar.value }, field);
    },
  });
  if (!clean) return { type: 'json', optional, broken: true };
  return values.size === 0 ? { optional } : { type: { kind: 'enum', values: [...values] }, optional };
}
export type parseEnum<S extends string, Name extends string> = readEnum<parseScalar<S, Name>, S, Name, never, false>;

type readEnum<Read, S extends string, Name extends string, Values, Optional extends boolean> = [Read] extends [never]
  ? failExpected<writeEnumValueExpected<Name>, S>
  : Read extends [infer Value, infer Rest extends string]
    ? [Value] extends [null]
      ? nextValue<Rest, Name, Values, true>
      : isWhole<Value> extends false
        ? Fault<writeEnumValueMessage<Name>>
        : isRepeated<Value, Values> extends true
          ? Fault<writeRepeatedValueMessage<Name>>
          : nextValue<Rest, Name, Values | Value, Optional>
    : Read;

type nextValue<S extends string, Name extends string, Values, Optional extends boolean> = S extends `,${infer Rest}`
  ? trimStart<Rest> extends `]${infer After}`
    ? [[Values, Optional], trimStart<After>]
    : readEnum<parseScalar<trimStart<Rest>, Name>, trimStart<Rest>, Name, Values, Optional>
  : S extends `]${infer Rest}`
    ? [[Values, Optional], trimStart<Rest>]
    : failExpected<`"," or "]" in the enum of field "${Name}"`, S>;

// A text with \u escapes is any string at compile time, 1e2 is any number: they tell nothing about repeats.
type isRepeated<Value, Values> = [Value] extends [Values]
  ? string extends Values
    ? false
    : number extends Values
      ? false
      : true
  : false;

export const writeArrowMessage = <Name extends string>(field: Name): writeArrowMessage<Name> =>
  `A value of the Literal of field "${field}" holds "->".`;
export type writeArrowMessage<Name extends string> = `A value of the Literal of field "${Name}" holds "->".`;

/** Reads `"a", "b"]` after `Literal[`, DSPy's spelling: DSPy would take an arrow in it for the one between the sides. */
export function parseLiteral(cursor: Cursor, field: string): Operand {
  const start = cursor.offset;
  const operand = parseEnum(cursor, field);
  const offset = cursor.text.slice(0, cursor.offset).indexOf('->', start);
  if (offset !== -1) {
    const hint = 'DSPy cannot read it: write enum[…] in place of Literal[…].';
    cursor.report('invalid_enum', writeArrowMessage(field), { offset, length: 2 }, hint);
  }
  return operand;
}
export type parseLiteral<S extends string, Name extends string> =
  parseEnum<S, Name> extends infer Read
    ? Read extends [[infer Values, boolean], string]
      ? [Extract<Values, `${string}->${string}`>] extends [never]
        ? Read
        : Fault<writeArrowMessage<Name>>
      : Read
    : never;

function addValue(cursor: Cursor, values: Set<EnumValue>, scalar: Span & { value: EnumValue }, field: string): void {
  const { value } = scalar;
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    cursor.report('invalid_enum', writeEnumValueMessage(field), scalar);
  } else if (values.has(value)) {
    cursor.report('invalid_enum', writeRepeatedValueMessage(field), scalar, 'Leave it out.');
  } else if (values.size === signatureLimits.enumValues) {
    const message = `The enum of field "${field}" has more than ${signatureLimits.enumValues} values.`;
    cursor.report('invalid_enum', message, scalar, 'Use string and list the values in the description.');
  }
  values.add(value);
}
