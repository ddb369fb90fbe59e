import { SignatureSyntaxError } from '../errors';
import { isSignatureName } from '../name';
import { parseSignature, type ParseOptions } from '../parse';
import { printSignature } from '../print';
import type { Field, SignatureSpec } from '../spec';
import { SignatureClassError, type SignatureClassIssue } from './class-error';
import { readFields, type Reading } from './class-fields';
import { propertiesOf, signatureOptionsOf, type Class } from './declarations';

/** The spec of a class with `@Signature()`, the same as that of its `definition` as text; throws SignatureClassError. */
export function specOf(target: Class): SignatureSpec {
  const { name = target.name, instructions = '' } = signatureOptionsOf(target) ?? failUndecorated(target);
  const issues = isSignatureName(name) ? [] : [nameIssue(target, name)];
  const fields = readSides({ issues, open: [target] }, target);
  if (issues.length > 0) throw new SignatureClassError(distinct(issues));
  return parseWhole(target, printSignature(fields), { name, instructions });
}

function failUndecorated(target: Class): never {
  const hint = 'Decorate it with @Signature().';
  throw new SignatureClassError([
    { className: target.name, code: 'not_a_signature', message: 'The class is no signature.', hint },
  ]);
}

function nameIssue(target: Class, name: string): SignatureClassIssue {
  const message = `"${name}" cannot be the name of a signature: a capital letter and then at most 62 letters and digits.`;
  const hint = 'Give another as in @Signature({ name: "RouteTicket" }).';
  return { className: target.name, code: 'invalid_signature_name', message, hint };
}

function readSides(reading: Reading, target: Class): { inputs: Field[]; outputs: Field[] } {
  const declarations = propertiesOf(target);
  for (const { name } of declarations.filter(({ place }) => place === 'object')) {
    reading.issues.push({
      className: target.name,
      property: name,
      code: 'undeclared_member',
      message: 'It is a member of no side of the signature.',
      hint: 'Decorate it with @Input() or @Output(): @Member() is for the classes of objects.',
    });
  }
  const fields = readFields(reading, target, declarations);
  const isOn = (side: string, field: Field): boolean =>
    declarations.some(({ name, place }) => name === field.name && place === side);
  return {
    inputs: fields.filter((field) => isOn('input', field)),
    outputs: fields.filter((field) => isOn('output', field)),
  };
}

// The fields were judged one by one, so that what is left is wrong with all of them together.
function parseWhole(target: Class, text: string, options: ParseOptions): SignatureSpec {
  try {
    return parseSignature(text, options);
  } catch (error) {
    if (!(error instanceof SignatureSyntaxError)) throw error;
    const hint = 'Decorate at least one property with @Input() and one with @Output().';
    throw new SignatureClassError(
      error.errors.map(({ code, message, ...more }) => ({
        className: target.name,
        code,
        message,
        hint: more.hint ?? hint,
      })),
    );
  }
}

/** A class that is used twice has its faults once. */
function distinct(issues: readonly SignatureClassIssue[]): SignatureClassIssue[] {
  return [...new Map(issues.map((issue) => [JSON.stringify(issue), issue])).values()];
}
