import { coerceField } from './coercion/coerce';
import type { Cursor, Span } from './cursor';
import type { Fault } from './errors';
import type { Place } from './name';
import { parseScalar, type isWhole } from './scalar';
import type { takeWord, trimStart } from './scan';
import type { EnumValue, Field } from './spec';
import { failExpected } from './unexpected';

export const writeDefaultPlaceMessage = <Name extends string>(field: Name): writeDefaultPlaceMessage<Name> =>
  `Field "${field}" cannot have a default: only inputs can.`;
export type writeDefaultPlaceMessage<Name extends string> = `Field "${Name}" cannot have a default: only inputs can.`;

export const writeDefaultTypeMessage = <Name extends string>(field: Name): writeDefaultTypeMessage<Name> =>
  `The default of field "${field}" does not fit its type.`;
export type writeDefaultTypeMessage<Name extends string> = `The default of field "${Name}" does not fit its type.`;

const writeDefaultExpected = <Name extends string>(field: Name): writeDefaultExpected<Name> =>
  `a quoted text, a number, true, false or null as the default of field "${field}"`;
type writeDefaultExpected<Name extends string> =
  `a quoted text, a number, true, false or null as the default of field "${Name}"`;

/** Reads the value after `name: type =`. */
export function parseDefault(cursor: Cursor, place: Place, field: string): Span & { value: EnumValue | null } {
  const scalar = parseScalar(cursor, field) ?? failExpected(cursor, writeDefaultExpected(field));
  if (place !== 'input') {
    cursor.report('invalid_default', writeDefaultPlaceMessage(field), scalar, 'Leave it out.');
  }
  return scalar;
}
/** The text after the default, or a fault. */
export type parseDefault<
  S extends string,
  At extends Place,
  Name extends string,
  Type,
  Optional extends boolean,
  Text extends string,
> = judge<parseScalar<S, Name>, S, At, Name, Type, Optional, Text>;

type judge<
  Read,
  S extends string,
  At extends Place,
  Name extends string,
  Type,
  Optional extends boolean,
  Text extends string,
> = [Read] extends [never]
  ? failExpected<writeDefaultExpected<Name>, S>
  : Read extends [infer Value, infer Rest extends string]
    ? At extends 'input'
      ? fits<Value, Type, Optional> extends true
        ? isFraction<Value, Text> extends true
          ? Fault<writeDefaultTypeMessage<Name>>
          : Rest
        : Fault<writeDefaultTypeMessage<Name>>
      : Fault<writeDefaultPlaceMessage<Name>>
    : Read;

type fits<Value, Type, Optional extends boolean> = [Value] extends [Type]
  ? true
  : [Value] extends [null]
    ? Optional
    : string extends Value
      ? true
      : false;

// `int` and `float` are the same type here: only the text of the type tells them apart.
type isFraction<Value, Text extends string> =
  isWhole<Value> extends true
    ? false
    : takeWord<Text> extends ['int', infer Rest extends string, boolean]
      ? Rest extends `(${string})${infer After}`
        ? endsType<trimStart<After>>
        : endsType<Rest>
      : false;
type endsType<S extends string> = S extends `${'?' | '='}${string}` ? true : false;

/** Reports a default that is no value of its field. */
export function checkDefault(cursor: Cursor, field: Field, value: Span, shown: string): void {
  const { fits, coercions } = coerceField(field, field.default, '');
  if (!fits || coercions.length > 0) cursor.report('invalid_default', writeDefaultTypeMessage(shown), value);
}
