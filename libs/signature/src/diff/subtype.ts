import { compilePattern, type Pattern } from '../pattern/pattern';
import type { Constraints, EnumValue, Field, FieldType, PrimitiveType } from '../spec';

/** What a receiver does with members of an object that it does not know: the platform refuses them, readers ignore them. */
export type ExtraMembers = 'refused' | 'ignored';

/**
 * Whether every JSON value of `sub` is one of `sup`. Never says so wrongly; may miss it where only more thought could
 * tell, as with two patterns, or with `int(min=1, max=2)` and `enum[1, 2]`.
 */
export function isSubtype(sub: FieldType, sup: FieldType, extraMembers: ExtraMembers): boolean {
  const wider = alternativesOf(sup);
  return alternativesOf(sub).every((one) => wider.some((other) => covers(other, one, extraMembers)));
}

/** The values of a field as one type. */
export function shapeOf({ type, constraints, optional }: Field): FieldType {
  const limited: FieldType = constraints === undefined ? type : { kind: 'constrained', of: type, constraints };
  return optional ? { kind: 'optional', of: limited } : limited;
}

/** The limits that hold without being written; a written one takes their place. */
export function limitsOf(type: FieldType, written: Constraints): Required<Omit<Constraints, 'pattern'>> {
  return {
    min: -Infinity,
    max: Infinity,
    minLength: 0,
    maxLength: Infinity,
    minItems: 0,
    maxItems: Infinity,
    ...(type === 'int' && { min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER }),
    ...(type === 'probability' && { min: 0, max: 1 }),
    ...written,
  };
}

// A type is the union of its alternatives, none of which is a union, optional or enum of several values itself.
type Alternative =
  | { kind: 'json' | 'null' }
  | { kind: 'literal'; value: EnumValue }
  | { kind: 'number'; whole: boolean; min: number; max: number }
  | {
      kind: 'text';
      form: PrimitiveType;
      minLength: number;
      maxLength: number;
      pattern: string | undefined;
      matches: Matcher;
    }
  | { kind: 'list'; items: FieldType; minItems: number; maxItems: number }
  | { kind: 'dict'; keys: FieldType; values: FieldType }
  | { kind: 'object'; fields: Field[] };

type Matcher = (text: string) => boolean;

function alternativesOf(type: FieldType, limits: Constraints = {}): Alternative[] {
  if (typeof type === 'string') return primitiveAlternatives(type, limits);
  switch (type.kind) {
    case 'optional':
      return [{ kind: 'null' }, ...alternativesOf(type.of)];
    case 'union':
      return type.members.flatMap((member) => alternativesOf(member));
    case 'enum':
      return type.values.map((value) => ({ kind: 'literal', value }));
    case 'constrained':
      return alternativesOf(type.of, type.constraints);
    case 'list':
      return [{ ...type, ...limitsOf(type, limits) }];
    case 'dict':
    case 'object':
      return [type];
  }
}

function primitiveAlternatives(type: PrimitiveType, limits: Constraints): Alternative[] {
  const bounds = limitsOf(type, limits);
  if (type === 'json') return [{ kind: 'json' }];
  if (type === 'bool') return [true, false].map((value) => ({ kind: 'literal', value }));
  if (type === 'reasoning') return [{ kind: 'list', items: 'string', ...bounds }];
  if (type === 'int' || type === 'float' || type === 'probability') {
    return [{ kind: 'number', whole: type === 'int', ...bounds }];
  }
  return [{ kind: 'text', form: type, pattern: limits.pattern, matches: matcherOf(limits.pattern), ...bounds }];
}

function matcherOf(pattern: string | undefined): Matcher {
  let compiled: Pattern | undefined;
  return (text) => pattern === undefined || (compiled ??= compilePattern(pattern)).test(text);
}

function covers(sup: Alternative, sub: Alternative, extraMembers: ExtraMembers): boolean {
  if (sup.kind === 'json') return true;
  switch (sub.kind) {
    case 'json':
      return false;
    case 'null':
      return sup.kind === 'null';
    case 'literal':
      return holds(sup, sub.value);
    case 'number':
      return sup.kind === 'number' && coversNumber(sup, sub);
    case 'text':
      return sup.kind === 'text' && coversText(sup, sub);
    case 'list':
      return (
        sup.kind === 'list' &&
        sub.minItems >= sup.minItems &&
        sub.maxItems <= sup.maxItems &&
        isSubtype(sub.items, sup.items, extraMembers)
      );
    case 'dict':
      return sup.kind === 'dict' && coversKeys(sup.keys, sub.keys) && isSubtype(sub.values, sup.values, extraMembers);
    case 'object':
      return sup.kind === 'dict'
        ? sub.fields.every((field) => coversEntry(sup, field, extraMembers))
        : sup.kind === 'object' && coversObject(sup.fields, sub.fields, extraMembers);
  }
}

type NumberRange = Omit<Extract<Alternative, { kind: 'number' }>, 'kind'>;

function coversNumber(sup: NumberRange, sub: NumberRange): boolean {
  return (sub.whole || !sup.whole) && sub.min >= sup.min && sub.max <= sup.max;
}

type Text = Extract<Alternative, { kind: 'text' }>;

function coversText(sup: Text, sub: Text): boolean {
  const lengths = sub.minLength >= sup.minLength && sub.maxLength <= sup.maxLength;
  const pattern = sup.pattern === undefined || sup.pattern === sub.pattern;
  return (sup.form === 'string' || sup.form === sub.form) && lengths && pattern;
}

function holds(sup: Alternative, value: EnumValue): boolean {
  if (sup.kind === 'literal') return sup.value === value;
  if (sup.kind === 'number' && typeof value === 'number') {
    return coversNumber(sup, { whole: Number.isInteger(value), min: value, max: value });
  }
  if (sup.kind !== 'text' || typeof value !== 'string') return false;
  const length = [...value].length;
  return sup.form === 'string' && length >= sup.minLength && length <= sup.maxLength && sup.matches(value);
}

const wholeNumber = /^(?:0|-?[1-9]\d*)$/;

function coversKeys(sup: FieldType, sub: FieldType): boolean {
  if (sup === 'string' || sup === sub) return true;
  return typeof sub === 'object' && sub.kind === 'enum' && sub.values.every((value) => isKey(sup, String(value)));
}

function isKey(keys: FieldType, name: string): boolean {
  if (keys === 'int') return wholeNumber.test(name);
  return keys === 'string' || (typeof keys === 'object' && keys.kind === 'enum' && keys.values.includes(name));
}

type Dict = Extract<Alternative, { kind: 'dict' }>;

function coversEntry({ keys, values }: Dict, field: Field, extraMembers: ExtraMembers): boolean {
  return isKey(keys, field.name) && isSubtype(shapeOf(field), values, extraMembers);
}

function coversObject(sup: readonly Field[], sub: readonly Field[], extraMembers: ExtraMembers): boolean {
  const known = new Map(sup.map((field) => [field.name, field]));
  const given = new Map(sub.map((field) => [field.name, field]));
  const fits = ({ name }: Field): boolean => {
    const [wide, narrow] = [known.get(name), given.get(name)];
    if (wide === undefined) return extraMembers === 'ignored';
    return narrow === undefined ? wide.optional : coversMember(wide, narrow, extraMembers);
  };
  return [...sub, ...sup].every(fits);
}

// An optional member may be absent too, which a type alone does not say.
function coversMember(sup: Field, sub: Field, extraMembers: ExtraMembers): boolean {
  return (sup.optional || !sub.optional) && isSubtype(shapeOf(sub), shapeOf(sup), extraMembers);
}
