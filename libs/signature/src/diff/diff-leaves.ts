import { constraintNames } from '../constraints';
import { printType } from '../print';
import type { Constraints, EnumValue, FieldType } from '../spec';
import { change, type SignatureChange, type Site } from './change';
import type { ChangeCode } from './rules';
import { isSubtype, limitsOf } from './subtype';

/** A type with the limits that stand beside it. */
export interface LimitedType {
  type: FieldType;
  limits: Constraints;
}

function joinLimits({ type, limits }: LimitedType): FieldType {
  return Object.keys(limits).length === 0 ? type : { kind: 'constrained', of: type, constraints: limits };
}

/** What became of a type that is built in another way now. */
export function diffWhole(site: Site, before: LimitedType, after: LimitedType): SignatureChange {
  const [from, to] = [joinLimits(before), joinLimits(after)];
  // Who reads outputs ignores what he does not know; who gives inputs must not give it.
  const extraMembers = site.side === 'input' ? 'refused' : 'ignored';
  const wider = isSubtype(from, to, extraMembers);
  const narrower = isSubtype(to, from, extraMembers);
  const [code, what] = nameWholeChange(wider, narrower);
  return change(site, code, { what, from: printType(from), to: printType(to) });
}

function nameWholeChange(wider: boolean, narrower: boolean): [ChangeCode, string] {
  if (wider && narrower) return ['type_reworded', 'is written in other words'];
  if (wider) return ['type_widened', 'takes more values'];
  return narrower ? ['type_narrowed', 'takes fewer values'] : ['type_changed', 'takes other values'];
}

/** Which values an enum got and lost. */
export function diffEnums(site: Site, from: readonly EnumValue[], to: readonly EnumValue[]): SignatureChange[] {
  const added = to.filter((value) => !from.includes(value));
  const removed = from.filter((value) => !to.includes(value));
  const changes: SignatureChange[] = [];
  if (removed.length > 0) {
    changes.push(change(site, 'enum_values_removed', { what: `no longer has ${list(removed)}`, from: removed }));
  }
  if (added.length > 0) changes.push(change(site, 'enum_values_added', { what: `may be ${list(added)}`, to: added }));
  if (changes.length > 0) return changes;
  return [change(site, 'type_reworded', { what: 'lists its values in another order', from, to })];
}

const listed = 5;

function list(values: readonly EnumValue[]): string {
  const shown = values.slice(0, listed).map((value) => JSON.stringify(value));
  return values.length > listed ? `${shown.join(', ')} and ${values.length - listed} more` : shown.join(', ');
}

/** Which limits of one and the same type were moved. */
export function diffLimits(site: Site, before: LimitedType, after: LimitedType): SignatureChange[] {
  return constraintNames
    .filter((name) => before.limits[name] !== after.limits[name])
    .map((name) => {
      const [from, to] = [before.limits[name], after.limits[name]];
      return change(site, codeOfLimit(name, before, after), { what: describeLimit(name, from, to), from, to });
    });
}

function codeOfLimit(name: keyof Constraints, before: LimitedType, after: LimitedType): ChangeCode {
  if (name === 'pattern') return codeOfPattern(before.limits.pattern, after.limits.pattern);
  const [from, to] = [before, after].map(({ type, limits }) => limitsOf(type, limits)[name]);
  if (from === undefined || to === undefined || from === to) return 'type_reworded';
  const tighter = name.startsWith('min') ? to > from : to < from;
  return tighter ? 'limit_tightened' : 'limit_loosened';
}

function codeOfPattern(from: string | undefined, to: string | undefined): ChangeCode {
  if (from === undefined) return 'limit_tightened';
  return to === undefined ? 'limit_loosened' : 'pattern_changed';
}

function describeLimit(name: string, from: unknown, to: unknown): string {
  if (from === undefined) return `has ${name}=${JSON.stringify(to)} now`;
  if (to === undefined) return `no longer has ${name}=${JSON.stringify(from)}`;
  return `has ${name}=${JSON.stringify(to)} in place of ${JSON.stringify(from)}`;
}
