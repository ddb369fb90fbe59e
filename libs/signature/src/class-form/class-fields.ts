import { SignatureSyntaxError, type SignatureError } from '../errors';
import { parseSignature } from '../parse';
import { printField } from '../print';
import type { Constraints, Field, FieldType } from '../spec';
import { PropertyFault, type SignatureClassIssue } from './class-error';
import { propertiesOf, type Class, type Declaration } from './declarations';
import { inferType, type Property } from './property-type';
import { validatedProperties, validatorFacts, type ValidatorFacts } from './validators';

/** What is known while classes are read: all that is wrong, and which classes are being read. */
export interface Reading {
  readonly issues: SignatureClassIssue[];
  readonly open: readonly Class[];
}

/** The fields of decorated properties; what is wrong with one is noted, and the rest is read all the same. */
export function readFields(reading: Reading, target: Class, declarations: readonly Declaration[]): Field[] {
  refuseUndeclared(reading, target, declarations);
  return declarations.flatMap((declaration) => readField(reading, target, declaration) ?? []);
}

// It would look like a part of the signature, and not be one.
function refuseUndeclared({ issues }: Reading, target: Class, declarations: readonly Declaration[]): void {
  const declared = new Set(declarations.map(({ name }) => name));
  for (const property of validatedProperties(target).filter((name) => !declared.has(name))) {
    issues.push({
      className: target.name,
      property,
      code: 'undeclared_member',
      message: 'It has validators, but is no field.',
      hint: 'Decorate it with @Input() or @Output(), in the class of an object with @Member().',
    });
  }
}

function readField(reading: Reading, target: Class, declaration: Declaration): Field | undefined {
  const { issues } = reading;
  const noted = issues.length;
  const place = { className: target.name, property: declaration.name };
  try {
    const field = toField(reading, { ...declaration, target, ...validatorFacts(target, declaration.name) });
    // The members of an object were judged where they stand.
    if (issues.length === noted) parseAlone(declaration, printField(field));
    return field;
  } catch (error) {
    if (error instanceof PropertyFault) {
      issues.push({ ...place, code: error.code, message: error.message, hint: error.hint });
    } else if (error instanceof SignatureSyntaxError) {
      issues.push(...error.errors.map((one) => toIssue(place, one)));
    } else {
      throw error;
    }
    return undefined;
  }
}

function toIssue(
  place: Pick<SignatureClassIssue, 'className' | 'property'>,
  error: SignatureError,
): SignatureClassIssue {
  const { code, message, hint = 'Change what its decorators say.' } = error;
  return { ...place, code, message, hint };
}

function toField(reading: Reading, property: Property): Field {
  const { name, own, each, options } = property;
  const { type, optional, description, default: value, ...limits } = options;
  const written = typeof type === 'string' ? parseAlone(property, `${name}: ${type}`) : undefined;
  const bare = written?.type ?? inferType(property, (target) => readObject(reading, target));
  return {
    ...written,
    name,
    type: limitItems(bare, each),
    constraints: limitsFor(bare, own, written?.constraints ?? {}, limits),
    optional: optional ?? (own.isOptional || written?.optional === true),
    ...(description !== undefined && { description }),
    ...(value !== undefined && { default: value }),
  };
}

/** Reads the text of one field in its place; throws SignatureSyntaxError, PropertyFault. */
function parseAlone({ name, place }: Pick<Declaration, 'name' | 'place'>, text: string): Field {
  const other = name === 'other_side' ? 'this_side' : 'other_side';
  const frames = { input: `${text} -> ${other}`, output: `${other} -> ${text}`, object: `a: object{ ${text} } -> b` };
  const { inputs, outputs } = parseSignature(frames[place]);
  const fields = { input: inputs, output: outputs, object: inputs.flatMap(membersOf) }[place];
  const [field] = fields;
  if (field !== undefined && fields.length === 1 && inputs.length + outputs.length === 2) return field;
  const message = 'The text says more than the type of one field.';
  throw new PropertyFault('unexpected_text', message, 'Decorate a property for each field.');
}

function membersOf({ type }: Field): Field[] {
  return typeof type === 'object' && type.kind === 'object' ? type.fields : [];
}

function readObject({ issues, open }: Reading, target: Class): FieldType {
  if (open.includes(target)) {
    const message = `Class "${target.name}" contains itself, which no signature can.`;
    throw new PropertyFault('recursive_class', message, 'Write type: "json" where it does.');
  }
  const declared = propertiesOf(target);
  const names = declared.length > 0 ? declared : validatedProperties(target).map((name) => ({ name, options: {} }));
  if (names.length === 0) {
    const message = `Class "${target.name}" has no members that are known.`;
    throw new PropertyFault('unknown_property_type', message, 'Decorate its properties with @Member() or validators.');
  }
  const members = names.map((member): Declaration => ({ ...member, place: 'object' }));
  return { kind: 'object', fields: readFields({ issues, open: [...open, target] }, target, members) };
}

function limitItems(type: FieldType, each: ValidatorFacts): FieldType {
  if (each.limits.length === 0 && !each.isNotEmpty) return type;
  if (typeof type === 'string' || type.kind !== 'list') {
    const message = 'A validator with { each: true } limits the items of what is no list.';
    throw new PropertyFault('contradiction', message, 'Take { each: true } away, or make it a list.');
  }
  const { items } = type;
  const [of, written] =
    typeof items === 'object' && items.kind === 'constrained' ? [items.of, items.constraints] : [items, {}];
  return { ...type, items: { kind: 'constrained', of, constraints: limitsFor(of, each, written) } };
}

function limitsFor(type: FieldType, { limits, isNotEmpty }: ValidatorFacts, ...more: Constraints[]): Constraints {
  const joined = [...more, ...limits].reduce(joinLimits, {});
  return isNotEmpty && type === 'string' ? { minLength: 1, ...joined } : joined;
}

function joinLimits(some: Constraints, more: Constraints): Constraints {
  const twice = (Object.keys(more) as (keyof Constraints)[]).find((name) => name in some && some[name] !== more[name]);
  if (twice === undefined) return { ...some, ...more };
  const message = `Its ${twice} is ${JSON.stringify(some[twice])} and ${JSON.stringify(more[twice])} at once.`;
  throw new PropertyFault('contradiction', message, 'Say it once.');
}
