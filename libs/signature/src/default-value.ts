import type { Cursor, Span } from './cursor';
import type { Fault } from './errors';
import type { Place } from './name';
import { parseScalar } from './scalar';
import type { Constraints, EnumValue, Field, FieldType, PrimitiveType } from './spec';
import { failExpected } from './unexpected';

export const writeDefaultPlaceMessage = <Name extends string>(field: Name): writeDefaultPlaceMessage<Name> =>
  `Field "${field}" cannot have a default: only inputs can.`;
export type writeDefaultPlaceMessage<Name extends string> = `Field "${Name}" cannot have a default: only inputs can.`;

export const writeDefaultTypeMessage = <Name extends string>(field: Name): writeDefaultTypeMessage<Name> =>
  `The default of field "${field}" does not fit its type.`;
export type writeDefaultTypeMessage<Name extends string> = `The default of field "${Name}" does not fit its type.`;

const defaultExpected = 'a quoted text, a number, true, false or null as default';
type defaultExpected = typeof defaultExpected;

/** Reads the value after `name: type =`. */
export function parseDefault(cursor: Cursor, place: Place, field: string): Span & { value: EnumValue | null } {
  const scalar = parseScalar(cursor) ?? failExpected(cursor, defaultExpected);
  if (place !== 'input') {
    cursor.report('invalid_default', writeDefaultPlaceMessage(field), scalar, 'Leave it out.');
  }
  return scalar;
}
/** The text after the default, or a fault. */
export type parseDefault<S extends string, At extends Place, Name extends string, Type, Optional extends boolean> = [
  parseScalar<S>,
] extends [never]
  ? failExpected<defaultExpected, S>
  : parseScalar<S> extends [infer Value, infer Rest extends string]
    ? At extends 'input'
      ? fits<Value, Type, Optional> extends true
        ? Rest
        : Fault<writeDefaultTypeMessage<Name>>
      : Fault<writeDefaultPlaceMessage<Name>>
    : parseScalar<S>;

type fits<Value, Type, Optional extends boolean> = [Value] extends [Type]
  ? true
  : [Value] extends [null]
    ? Optional
    : string extends Value
      ? true
      : false;

/** Reports a default that is no value of its field. */
export function checkDefault(cursor: Cursor, field: Field, value: Span): void {
  const fitting = fitsType(field.default, field.type, field.constraints) || (field.optional && field.default === null);
  if (!fitting) cursor.report('invalid_default', writeDefaultTypeMessage(field.name), value);
}

const isText = (value: unknown): boolean => typeof value === 'string';
const isNumber = (value: unknown): boolean => typeof value === 'number';

const fitsPrimitive: Record<PrimitiveType, (value: unknown) => boolean> = {
  string: isText,
  int: Number.isSafeInteger,
  float: isNumber,
  bool: (value) => typeof value === 'boolean',
  probability: (value) => typeof value === 'number' && value >= 0 && value <= 1,
  reasoning: () => false,
  date: isText,
  datetime: isText,
  url: isText,
  email: isText,
  json: () => true,
  image: isText,
};

function fitsType(value: unknown, type: FieldType, limits: Constraints = {}): boolean {
  if (typeof type === 'string') return fitsPrimitive[type](value) && fitsLimits(value, limits);
  if (type.kind === 'enum') return type.values.some((allowed) => allowed === value);
  if (type.kind === 'union') return type.members.some((member) => fitsType(value, member));
  if (type.kind === 'constrained') return fitsType(value, type.of, type.constraints);
  return false;
}

// A pattern is not tried here: an expression of a caller is only ever run by an engine of linear time.
function fitsLimits(value: unknown, limits: Constraints): boolean {
  if (typeof value === 'number') return value >= (limits.min ?? -Infinity) && value <= (limits.max ?? Infinity);
  if (typeof value !== 'string') return true;
  const length = [...value].length;
  return length >= (limits.minLength ?? 0) && length <= (limits.maxLength ?? Infinity);
}
