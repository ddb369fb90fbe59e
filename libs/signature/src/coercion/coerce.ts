import { canonicalJson } from '../canonical-json';
import type { Field, FieldType, PrimitiveType } from '../spec';
import { readJsonText } from '../texts/json-text';
import { isSingleItem, readLines, readSteps } from '../texts/list-text';
import { plain } from '../texts/text-marks';
import { isCarriable, isCarriableText } from '../values/carriable';
import { isWithin } from '../values/limits';
import { andThen, kept, mended, type Coerced, type Coercion, type CoercionRule } from './coercion';
import { coerceDate, coerceDateTime, coerceEmail, coerceImage, coerceText, coerceUrl } from './formatted';
import { coerceProbability, numberCoercer } from './numbers';
import { coerceBool, coerceEnum, isNullWord } from './words';

// Types hold types, and objects fields: this knot is one file, what can be said of a text alone is not.

type Kind<Name extends string> = Extract<FieldType, { kind: Name }>;
type CoercedField = Pick<Field, 'type' | 'constraints' | 'optional'>;

/** Where a value stands: a list around it takes the place of one that would be put around it. */
interface Place {
  pointer: string;
  inList: boolean;
}

/**
 * Gives a value the type of its field, by rules that leave nothing to guess, and says what was changed. A value that is of
 * its type is not changed; one that cannot be made so is left, for strict validation to judge.
 */
export function coerceField(field: CoercedField, raw: unknown, pointer: string): Coerced {
  return coerce(typeOf(field), raw, { pointer, inList: false });
}

function typeOf({ type, constraints, optional }: CoercedField): FieldType {
  const limited: FieldType = constraints === undefined ? type : { kind: 'constrained', of: type, constraints };
  return optional ? { kind: 'optional', of: limited } : limited;
}

function coerce(type: FieldType, raw: unknown, place: Place): Coerced {
  if (typeof type === 'string') return primitives[type](raw, place.pointer);
  switch (type.kind) {
    case 'list':
      return coerceList(type, raw, place);
    case 'dict':
      return ofJson(raw, place, isObject, (value) => coerceDict(type, value, place.pointer));
    case 'object':
      return ofJson(raw, place, isObject, (value) => coerceObject(type, value, place.pointer));
    case 'optional':
      return coerceOptional(type, raw, place);
    case 'union':
      return coerceUnion(type, raw, place);
    case 'enum':
      return coerceEnum(type.values, raw, place.pointer);
    case 'constrained': {
      const inner = coerce(type.of, raw, place);
      return inner.fits && !isWithin(inner.value, type.constraints) ? { ...inner, fits: false } : inner;
    }
  }
}

const primitives: Record<PrimitiveType, (raw: unknown, pointer: string) => Coerced> = {
  string: coerceText,
  int: numberCoercer(Number.isSafeInteger, true),
  float: numberCoercer(Number.isFinite, false),
  bool: coerceBool,
  probability: coerceProbability,
  reasoning: coerceReasoning,
  date: coerceDate,
  datetime: coerceDateTime,
  url: coerceUrl,
  email: coerceEmail,
  json: (raw) => kept(raw, isCarriable(raw)),
  image: coerceImage,
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isList = (value: unknown): value is unknown[] => Array.isArray(value);

/** Coerces what is, or is the text of, a list or an object. */
function ofJson<Value>(
  raw: unknown,
  { pointer }: Place,
  is: (value: unknown) => value is Value,
  inner: (value: Value) => Coerced,
): Coerced {
  if (is(raw)) return inner(raw);
  const found = typeof raw === 'string' ? readJsonText(raw) : undefined;
  return found !== undefined && is(found.value)
    ? wholly(raw, pointer, found.value, found.rule, inner)
    : kept(raw, false);
}

/** Takes a value for another, if then all of it fits. */
function wholly<Value>(
  raw: unknown,
  pointer: string,
  value: Value,
  rule: CoercionRule,
  inner: (value: Value) => Coerced,
): Coerced {
  const coerced = andThen(mended(pointer, raw, value, rule), inner(value));
  return coerced.fits ? coerced : kept(raw, false);
}

function coerceItems(items: FieldType, list: readonly unknown[], pointer: string): Coerced {
  const coercions: Coercion[] = [];
  let fits = true;
  const value = list.map((raw, index) => {
    const item = coerce(items, raw, { pointer: `${pointer}/${index}`, inList: true });
    fits &&= item.fits;
    for (const coercion of item.coercions) coercions.push(coercion);
    return item.value;
  });
  return { value, fits, coercions };
}

function coerceList({ items }: Kind<'list'>, raw: unknown, place: Place): Coerced {
  const { pointer } = place;
  const inner = (list: readonly unknown[]): Coerced => coerceItems(items, list, pointer);
  const read = ofJson(raw, place, isList, inner);
  if (read.fits || isList(raw)) return read;
  const lines = typeof raw === 'string' ? readLines(raw) : undefined;
  if (lines !== undefined) return wholly(raw, pointer, lines, 'list_from_lines', inner);
  const isSingle =
    raw !== null &&
    !place.inList &&
    !isListType(items) &&
    (typeof raw !== 'string' || !isOpen(items) || isSingleItem(raw));
  return isSingle ? wholly(raw, pointer, [raw], 'list_from_single', inner) : read;
}

function coerceReasoning(raw: unknown, pointer: string): Coerced {
  const inner = (list: readonly unknown[]): Coerced => coerceItems('string', list, pointer);
  const read = ofJson(raw, { pointer, inList: false }, isList, inner);
  if (read.fits || typeof raw !== 'string') return read;
  const steps = readSteps(raw);
  return steps.length > 0 ? wholly(raw, pointer, steps, 'steps_from_text', inner) : read;
}

/** Whether values of a type are lists, or may be. */
function isListType(type: FieldType): boolean {
  if (typeof type === 'string') return type === 'reasoning';
  if (type.kind === 'optional' || type.kind === 'constrained') return isListType(type.of);
  return type.kind === 'list' || (type.kind === 'union' && type.members.some(isListType));
}

/** Whether any text is a value of a type. */
function isOpen(type: FieldType): boolean {
  if (typeof type === 'string') return type === 'string' || type === 'json';
  if (type.kind === 'optional' || type.kind === 'constrained') return isOpen(type.of);
  return type.kind === 'union' && type.members.some(isOpen);
}

function coerceOptional({ of }: Kind<'optional'>, raw: unknown, place: Place): Coerced {
  if (raw === null) return kept(raw, true);
  const inner = coerce(of, raw, place);
  return inner.fits || typeof raw !== 'string' || !isNullWord(raw)
    ? inner
    : mended(place.pointer, raw, null, 'null_from_text');
}

/** The one value that the members make of it; as it is, if it is one of a member's. */
function coerceUnion({ members }: Kind<'union'>, raw: unknown, place: Place): Coerced {
  const fitting = members.map((member) => coerce(member, raw, place)).filter(({ fits }) => fits);
  const asItIs = fitting.find(({ coercions }) => coercions.length === 0);
  if (asItIs !== undefined) return asItIs;
  const values = new Set(fitting.map(({ value }) => canonicalJson(value)));
  const [first] = fitting;
  return first !== undefined && values.size === 1 ? first : kept(raw, false);
}

const intKey = /^(?:0|-?[1-9][0-9]*)$/;

/** The name of a member as the type of the keys has it, or undefined. */
function toKey(keys: FieldType, name: string): string | undefined {
  if (keys === 'int') return intKey.test(name) ? name : undefined;
  if (typeof keys === 'string') return isCarriableText(name) ? name : undefined;
  const { fits, value } = coerce(keys, name, { pointer: '', inList: false });
  return fits && typeof value === 'string' ? value : undefined;
}

const below = (pointer: string, name: string): string =>
  `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;

function coerceDict({ keys, values }: Kind<'dict'>, raw: Record<string, unknown>, pointer: string): Coerced {
  const coercions: Coercion[] = [];
  const members = new Map<string, unknown>();
  let fits = true;
  for (const [name, member] of Object.entries(raw)) {
    const found = toKey(keys, name);
    const key = found ?? name;
    if (key !== name && (Object.hasOwn(raw, key) || members.has(key))) return kept(raw, false);
    const at = below(pointer, key);
    if (key !== name) coercions.push({ pointer: at, from: name, to: key, rule: 'member_name' });
    const { value, ...inner } = coerce(values, member, { pointer: at, inList: false });
    for (const coercion of inner.coercions) coercions.push(coercion);
    fits &&= inner.fits && found !== undefined;
    members.set(key, value);
  }
  return { value: Object.fromEntries(members), fits, coercions };
}

function coerceObject({ fields }: Kind<'object'>, raw: Record<string, unknown>, pointer: string): Coerced {
  const named = nameMembers(fields, raw, pointer);
  if (named === undefined) return kept(raw, false);
  const { members, coercions } = named;
  let fits = true;
  const value = new Map<string, unknown>();
  for (const field of fields) {
    if (!members.has(field.name)) {
      fits &&= field.optional;
      continue;
    }
    const inner = coerceField(field, members.get(field.name), below(pointer, field.name));
    fits &&= inner.fits;
    for (const coercion of inner.coercions) coercions.push(coercion);
    value.set(field.name, inner.value);
  }
  return { value: Object.fromEntries(value), fits, coercions };
}

/** The members by the names of the fields; undefined when it is not clear which member is meant for which field. */
function nameMembers(
  fields: readonly Field[],
  raw: Record<string, unknown>,
  pointer: string,
): { members: Map<string, unknown>; coercions: Coercion[] } | undefined {
  const names = new Set(fields.map(({ name }) => name));
  const others = Object.entries(raw).filter(([name]) => !names.has(name));
  const members = new Map(Object.entries(raw).filter(([name]) => names.has(name)));
  const coercions: Coercion[] = [];
  const alike = others.length > 0 ? namesByPlain(fields) : new Map<string, string | null>();
  for (const [name, value] of others) {
    const meant = alike.get(plain(name));
    if (meant === null) return undefined;
    if (meant === undefined || Object.hasOwn(raw, meant)) {
      coercions.push({ pointer: below(pointer, name), from: value, to: null, rule: 'member_dropped' });
    } else {
      if (members.has(meant)) return undefined;
      coercions.push({ pointer: below(pointer, meant), from: name, to: meant, rule: 'member_name' });
      members.set(meant, value);
    }
  }
  return { members, coercions };
}

/** The names of the fields by what is left of them without case and punctuation; null where that is the same for two. */
function namesByPlain(fields: readonly Field[]): Map<string, string | null> {
  const names = new Map<string, string | null>();
  for (const { name } of fields) names.set(plain(name), names.has(plain(name)) ? null : name);
  return names;
}
