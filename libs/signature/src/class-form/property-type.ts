// Whoever compiles this file needs that declaration, which cannot be imported: it is of a module that has none.
// oxlint-disable-next-line typescript/triple-slash-reference
/// <reference path="./class-transformer-storage.d.ts" />
import 'reflect-metadata';
import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js';
import { isSubtype } from '../diff/subtype';
import { printType } from '../print';
import type { FieldType } from '../spec';
import { PropertyFault } from './class-error';
import type { Class, Declaration } from './declarations';
import type { ValidatorFacts } from './validators';

/** A property and all that its own decorator and class-validator say of it. */
export interface Property extends Declaration {
  readonly target: Class;
  readonly own: ValidatorFacts;
  readonly each: ValidatorFacts;
}

/** Reads the type of an object from its class. */
type ReadObject = (target: Class) => FieldType;

/**
 * The type of a property that no text says, bare of limits: the narrowest of what its validators, the class that it refers to and
 * its type in TypeScript say. Throws PropertyFault.
 */
export function inferType(property: Property, readObject: ReadObject): FieldType {
  refuseUnknown(property);
  const { target, name, own, each } = property;
  const designed = Reflect.getMetadata('design:type', target.prototype as object, name) as unknown;
  const { referred, isListed } = referenceOf(property);
  const isList = isListed || designed === Array || own.isList || each.types.length > 0 || each.limits.length > 0;
  const claims = [...(isList ? each : own).types, ...claimOf(referred, readObject)];
  if (!isList) return narrowest(property, [...claims, ...claimOf(designed, readObject)]);
  if (own.types.length > 0) failContradiction(property, ['list', ...own.types.map(printType)]);
  return { kind: 'list', items: narrowest(property, claims) };
}

function refuseUnknown({ own, each }: Property): void {
  const [unknown] = [...own.unknown, ...each.unknown];
  if (unknown === undefined) return;
  const message = `The signature language has no word for the validator "${unknown}".`;
  const hint = 'Write the type in words, as in type: "string"; beside it such validators are left to class-validator.';
  throw new PropertyFault('unsupported_validator', message, hint);
}

function referenceOf({ target, name, options }: Property): { referred: unknown; isListed: boolean } {
  const given = typeof options.type === 'function' ? options.type() : undefined;
  if (given !== undefined)
    return Array.isArray(given) ? { referred: given[0], isListed: true } : { referred: given, isListed: false };
  const transformed = defaultMetadataStorage.findTypeMetadata(target, name) as { typeFunction(): unknown } | undefined;
  return { referred: transformed?.typeFunction(), isListed: false };
}

const builtIn = new Map<unknown, FieldType>([
  [String, 'string'],
  [Number, 'float'],
  [Boolean, 'bool'],
  [Date, 'datetime'],
]);

function claimOf(type: unknown, readObject: ReadObject): FieldType[] {
  const known = builtIn.get(type);
  if (known !== undefined) return [known];
  // What TypeScript writes down for an interface, a union or a type that it does not know yet.
  return typeof type === 'function' && type !== Object && type !== Array ? [readObject(type as Class)] : [];
}

function narrowest(property: Property, claims: readonly FieldType[]): FieldType {
  if (claims.length === 0) failUnknown(property);
  const fits = (claim: FieldType): boolean => claims.every((other) => isSubtype(claim, other, 'refused'));
  return claims.find(fits) ?? failContradiction(property, claims.map(printType));
}

function failUnknown({ place }: Property): never {
  const decorator = { input: 'Input', output: 'Output', object: 'Member' }[place];
  const message = 'Neither a validator nor emitted metadata says what it holds.';
  const hint = `Write the type in words, as in @${decorator}("list[string]"), or add @Type(() => …) or a validator, for items with { each: true }.`;
  throw new PropertyFault('unknown_property_type', message, hint);
}

function failContradiction(_: Property, types: readonly string[]): never {
  const message = `It is ${[...new Set(types)].join(' and ')} at once, and no value is.`;
  throw new PropertyFault('contradiction', message, 'Take away the decorator that is wrong, or change the type.');
}
