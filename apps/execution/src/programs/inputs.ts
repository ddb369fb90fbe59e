import type { ErrorItem, JsonObject } from '@dspy-nest/contracts';
import { isStorableText } from '@dspy-nest/platform';
import { type SignatureSpec, inputJsonSchema } from '@dspy-nest/signature';
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020';
import formats, { type FormatsPlugin } from 'ajv-formats';
import { InvalidInputsError } from './programs.errors';

// The package is CommonJS that calls itself an ES module: its default export is one step deeper than its types say.
const addFormats = (formats as unknown as { default: FormatsPlugin }).default;

/** Errors told at once; a caller mends these before there is a use for more. */
const MAX_ERRORS = 20;

/** Checks inputs and fills in defaults, in place; gives them back. Throws {@link InvalidInputsError}. */
export type InputsCheck = (inputs: Record<string, unknown>) => JsonObject;

const escaped = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');

function missing(pointer: string, name: string): ErrorItem {
  return { pointer: `${pointer}/${escaped(name)}`, code: 'missing', message: `Input "${name}" is missing.` };
}

function unexpected(pointer: string, name: string, spec: SignatureSpec): ErrorItem {
  const known = spec.inputs.map((field) => field.name).join(', ');
  return {
    pointer: `${pointer}/${escaped(name)}`,
    code: 'unexpected',
    message: `"${name}" is no input of ${spec.name}.`,
    hint: `Its inputs: ${known}.`,
  };
}

function toItem(error: ErrorObject, spec: SignatureSpec): ErrorItem {
  const pointer = `/inputs${error.instancePath}`;
  const params = error.params as Record<string, unknown>;
  if (error.keyword === 'required') return missing(pointer, String(params['missingProperty']));
  if (error.keyword === 'additionalProperties') return unexpected(pointer, String(params['additionalProperty']), spec);
  const field = `"${error.instancePath.slice(1) || 'inputs'}"`;
  if (error.keyword === 'enum') {
    const allowed = JSON.stringify(params['allowedValues']);
    return { pointer, code: 'not_allowed', message: `${field} must be one of ${allowed}.` };
  }
  const code = error.keyword === 'type' ? 'wrong_type' : error.keyword;
  return { pointer, code, message: `${field} ${error.message ?? 'is invalid'}.` };
}

/** Where a value has text that neither JSON columns nor UTF-8 can hold: U+0000 or half of a surrogate pair. */
function findUnstorable(value: unknown, pointer: string): string | undefined {
  if (typeof value === 'string') return isStorableText(value) ? undefined : pointer;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, member] of Object.entries(value)) {
    const found = isStorableText(key) ? findUnstorable(member, `${pointer}/${escaped(key)}`) : pointer;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Compiles the check of a signature's inputs, once per version. */
export function compileInputsCheck(spec: SignatureSpec): InputsCheck {
  const ajv = new Ajv2020({ allErrors: true, useDefaults: true, strict: false, ownProperties: true });
  addFormats(ajv);
  const validate = ajv.compile(inputJsonSchema(spec));
  return (inputs) => {
    if (!validate(inputs)) {
      const items = (validate.errors ?? []).slice(0, MAX_ERRORS).map((error) => toItem(error, spec));
      throw new InvalidInputsError(spec.name, items);
    }
    const pointer = findUnstorable(inputs, '/inputs');
    if (pointer !== undefined) {
      const message = 'Text must be well-formed Unicode without U+0000; remove what is not.';
      throw new InvalidInputsError(spec.name, [{ pointer, code: 'unstorable_text', message }]);
    }
    return inputs as JsonObject;
  };
}
