import type { Cursor, Span } from './cursor';
import { shorten } from './cursor';
import type { Fault } from './errors';
import type { Letter } from './scan';
import { signatureLimits } from './spec';

/** The form of a signature's name. */
export const signatureNamePattern = /^[A-Z][A-Za-z0-9]{0,62}$/;

/** The form of a field's name. */
export const fieldNamePattern = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;

const words = /^[A-Za-z][A-Za-z0-9_]*$/;

// Python keywords cannot be passed by name; the others were seen to break pydantic or DSPy as a field, or break JSON objects.
const reservedNames = [
  ...(['False', 'None', 'True', 'and', 'as', 'assert', 'async', 'await', 'break', 'class', 'continue'] as const),
  ...(['def', 'del', 'elif', 'else', 'except', 'finally', 'for', 'from', 'global', 'if', 'import', 'in'] as const),
  ...(['is', 'lambda', 'nonlocal', 'not', 'or', 'pass', 'raise', 'return', 'try', 'while', 'with', 'yield'] as const),
  ...(['model_config', 'model_dump', 'model_dump_json'] as const),
  ...(['model_validate', 'model_validate_json', 'model_validate_strings'] as const),
  ...(['fields', 'input_fields', 'output_fields', 'instructions', 'signature'] as const),
  ...(['__proto__', 'constructor', 'prototype'] as const),
] as const;
type ReservedName = (typeof reservedNames)[number];

// DSPy's Predict takes these arguments for itself, so that an input of that name would never reach the prompt.
const reservedInputNames = ['config', 'demos', 'lm'] as const;

interface Reserved {
  input: ReservedName | (typeof reservedInputNames)[number];
  output: ReservedName;
  object: ReservedName;
}

const reserved: ReadonlySet<string> = new Set(reservedNames);
const reservedForInputs: ReadonlySet<string> = new Set([...reservedNames, ...reservedInputNames]);

/** Where a list of fields stands: a side of the arrow, or an `object{…}`. */
export type Place = 'input' | 'output' | 'object';

export const writeInvalidNameMessage = <Name extends string>(name: Name): writeInvalidNameMessage<Name> =>
  `Invalid field name "${name}".`;
export type writeInvalidNameMessage<Name extends string> = `Invalid field name "${Name}".`;

export const writeReservedNameMessage = <Name extends string>(name: Name): writeReservedNameMessage<Name> =>
  `The field name "${name}" is reserved.`;
export type writeReservedNameMessage<Name extends string> = `The field name "${Name}" is reserved.`;

export const writeDuplicateNameMessage = <Name extends string>(name: Name): writeDuplicateNameMessage<Name> =>
  `The field name "${name}" is used twice.`;
export type writeDuplicateNameMessage<Name extends string> = `The field name "${Name}" is used twice.`;

/** Tells whether a text can be the name of a signature. */
export function isSignatureName(name: string): boolean {
  return signatureNamePattern.test(name);
}

/** The signature name of a program: `route-ticket` becomes `RouteTicket`. */
export function toPascalCase(name: string): string {
  return name
    .split(/[^A-Za-z0-9]+/)
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');
}

/** Reports what is wrong with a field's name, if anything; `taken` holds the names before it and gets this one. */
export function checkName(cursor: Cursor, name: string, span: Span, place: Place, taken: Set<string>): void {
  const rule = `A name is a letter and then at most ${signatureLimits.nameLength - 1} letters, digits or "_".`;
  if ((place === 'input' ? reservedForInputs : reserved).has(name)) {
    const hint = 'Python, pydantic, DSPy or JSON use it themselves: choose another name.';
    cursor.report('reserved_name', writeReservedNameMessage(name), span, hint);
  } else if (!words.test(name) || name.length > signatureLimits.nameLength) {
    cursor.report('invalid_name', writeInvalidNameMessage(shorten(name)), span, rule);
  } else if (taken.has(name)) {
    const hint = 'Inputs and outputs share one set of names: choose another.';
    cursor.report('duplicate_name', writeDuplicateNameMessage(name), span, hint);
  }
  taken.add(name);
}
/** The name itself, or a fault; the length of a name is checked at run time only. */
export type checkName<Name extends string, Odd, At extends Place, Taken extends string> = Name extends Reserved[At]
  ? Fault<writeReservedNameMessage<Name>>
  : Odd extends true
    ? Fault<writeInvalidNameMessage<Name>>
    : Name extends Taken
      ? Fault<writeDuplicateNameMessage<Name>>
      : Name extends `${string}.${string}`
        ? Fault<writeInvalidNameMessage<Name>>
        : Name extends `${infer First}${string}`
          ? First extends Letter
            ? Name
            : Fault<writeInvalidNameMessage<Name>>
          : never;
