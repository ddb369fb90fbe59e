import { canonicalJson } from '../canonical-json';
import { nearest } from '../nearest';
import { printField } from '../print';
import type { Field, FieldType } from '../spec';
import { change, eachOf, memberOf, type SignatureChange, type Site } from './change';
import { diffEnums, diffLimits, diffWhole, type LimitedType } from './diff-leaves';
import { shapeOf } from './subtype';

/** What became of the fields of a side, or of an object's members. */
export function diffFields(site: Site, from: readonly Field[], to: readonly Field[]): SignatureChange[] {
  const [before, after] = [byName(from), byName(to)];
  const added = to.filter(({ name }) => !before.has(name));
  const kept = from.flatMap((field) => {
    const now = after.get(field.name);
    return now === undefined ? [removal(site, field, added)] : diffField(memberOf(site, field.name), field, now);
  });
  return [...kept, ...added.map((field) => addition(site, field)), ...diffOrder(site, from, to)];
}

function byName(fields: readonly Field[]): Map<string, Field> {
  return new Map(fields.map((field) => [field.name, field]));
}

function removal(site: Site, field: Field, added: readonly Field[]): SignatureChange {
  // An output is always there; a member of an object that could be absent before is missed by nobody.
  const code = field.optional && site.path !== '' ? 'optional_member_removed' : 'field_removed';
  return change(memberOf(site, field.name), code, {
    what: 'is gone',
    from: printField(field),
    hint: hintForRename(field, added),
  });
}

function hintForRename(field: Field, added: readonly Field[]): string | undefined {
  const shape = canonicalJson(shapeOf(field));
  const alike = added.filter((other) => canonicalJson(shapeOf(other)) === shape).map(({ name }) => name);
  const name = nearest(field.name, alike) ?? (alike.length === 1 ? alike[0] : undefined);
  return name && `If it was renamed to "${name}", those who use it must follow: names are part of the interface.`;
}

function addition(site: Site, field: Field): SignatureChange {
  const optional = field.optional || field.default !== undefined;
  return change(memberOf(site, field.name), optional ? 'optional_field_added' : 'required_field_added', {
    what: 'is new',
    to: printField(field),
  });
}

function diffOrder(site: Site, from: readonly Field[], to: readonly Field[]): SignatureChange[] {
  const [before, after] = [byName(from), byName(to)];
  const earlier = from.map(({ name }) => name).filter((name) => after.has(name));
  const later = to.map(({ name }) => name).filter((name) => before.has(name));
  if (earlier.every((name, index) => name === later[index])) return [];
  return [change(site, 'order_changed', { what: 'has another order', from: earlier, to: later })];
}

function diffField(site: Site, from: Field, to: Field): SignatureChange[] {
  return [
    ...diffOptional(site, from, to),
    ...diffDefault(site, from, to),
    ...diffTypes(site, limitedTypeOf(from), limitedTypeOf(to)),
    ...diffDescription(site, from, to),
  ];
}

function limitedTypeOf({ type, constraints = {} }: Field): LimitedType {
  return { type, limits: constraints };
}

function diffOptional(site: Site, from: Field, to: Field): SignatureChange[] {
  if (from.optional === to.optional) return [];
  return to.optional
    ? [change(site, 'made_optional', { what: 'is optional now', from: false, to: true })]
    : [change(site, 'made_required', { what: 'is no longer optional', from: true, to: false })];
}

function diffDefault(site: Site, before: Field, after: Field): SignatureChange[] {
  const [from, to] = [before.default, after.default];
  if (from === to) return [];
  if (from === undefined) return [change(site, 'default_added', { what: `is ${JSON.stringify(to)} by default`, to })];
  // What is left out of a call is null then.
  if (to === undefined && after.optional) {
    return [change(site, 'default_changed', { what: `is null by default in place of ${JSON.stringify(from)}`, from })];
  }
  return to === undefined
    ? [change(site, 'default_removed', { what: 'has no default any more', from })]
    : [change(site, 'default_changed', { what: `is ${JSON.stringify(to)} by default`, from, to })];
}

function diffDescription(site: Site, { description: from }: Field, { description: to }: Field): SignatureChange[] {
  return from === to ? [] : [change(site, 'description_changed', { what: 'has another description', from, to })];
}

// Within the parts of a type while both versions are built alike, else as a whole.
function diffTypes(site: Site, from: LimitedType, to: LimitedType): SignatureChange[] {
  if (canonicalJson(from) === canonicalJson(to)) return [];
  const within = diffParts(site, from.type, to.type);
  return within === undefined ? [diffWhole(site, from, to)] : [...within, ...diffLimits(site, from, to)];
}

function diffParts(site: Site, from: FieldType, to: FieldType): SignatureChange[] | undefined {
  if (canonicalJson(from) === canonicalJson(to)) return [];
  if (typeof from === 'string' || typeof to === 'string') return undefined;
  if (from.kind === 'list' && to.kind === 'list') return diffNested(eachOf(site, '[]'), from.items, to.items);
  if (from.kind === 'optional' && to.kind === 'optional') return diffNested(site, from.of, to.of);
  if (from.kind === 'object' && to.kind === 'object') return diffFields(site, from.fields, to.fields);
  if (from.kind === 'enum' && to.kind === 'enum') return diffEnums(site, from.values, to.values);
  const sameKeys = from.kind === 'dict' && to.kind === 'dict' && canonicalJson(from.keys) === canonicalJson(to.keys);
  return sameKeys ? diffNested(eachOf(site, '{}'), from.values, to.values) : undefined;
}

function diffNested(site: Site, from: FieldType, to: FieldType): SignatureChange[] {
  return diffTypes(site, splitLimits(from), splitLimits(to));
}

function splitLimits(type: FieldType): LimitedType {
  return typeof type === 'object' && type.kind === 'constrained'
    ? { type: type.of, limits: type.constraints }
    : { type, limits: {} };
}
