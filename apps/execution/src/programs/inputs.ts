import type { Coercion, ErrorItem, JsonObject, ValidationMode } from '@dspy-nest/contracts';
import { isStorableText } from '@dspy-nest/platform';
import {
  type Coerced,
  type SignatureSpec,
  coerceField,
  compilePattern,
  holdsJson,
  imagePattern,
  inputJsonSchema,
  jsonSchemaFormats,
  listCoercions,
} from '@dspy-nest/signature';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020';
import { compileImagesCheck } from './image-inputs';
import { MAX_ERRORS, toErrorItems } from './input-faults';
import { pointerTo } from './json-pointer';
import { InvalidInputsError } from './programs.errors';

/** Patterns are a caller's: an engine that goes back could be kept busy for ever. `toString` is the key under which ajv keeps them. */
const linearPattern = Object.assign(
  (pattern: string) =>
    pattern === imagePattern ? new RegExp(pattern, 'u') : { ...compilePattern(pattern), toString: () => pattern },
  { code: 'linearPattern' },
);

/** Inputs of the signature's types, and what was mended in them. */
export interface CheckedInputs {
  readonly inputs: JsonObject;
  readonly coercions: Coercion[];
}

/** Checks inputs and fills in defaults, in place. Throws {@link InvalidInputsError}. */
export type InputsCheck = (inputs: Record<string, unknown>) => CheckedInputs;

/** Compiles the check of a signature's inputs, once per version. */
export function compileInputsCheck(spec: SignatureSpec, mode: ValidationMode = 'strict'): InputsCheck {
  const findFaults = compileFaults(spec);
  return (inputs) => {
    const faults = findFaults(inputs);
    if (faults.length === 0) return { inputs: inputs as JsonObject, coercions: [] };
    if (mode === 'strict') throw new InvalidInputsError(spec.name, faults);
    const coerced = coerceInputs(spec, inputs);
    const left = findFaults(coerced.value);
    if (left.length > 0) throw new InvalidInputsError(spec.name, left);
    return { inputs: coerced.value as JsonObject, coercions: listCoercions(coerced.coercions) };
  };
}

/** What is not an input stays: a name that nobody knows is a mistake of the caller's. */
function coerceInputs(
  spec: SignatureSpec,
  inputs: Record<string, unknown>,
): { value: Record<string, unknown>; coercions: Coerced['coercions'] } {
  const given = spec.inputs.filter(({ name }) => Object.hasOwn(inputs, name));
  const coerced = given.map((field) => coerceField(field, inputs[field.name], `/inputs/${field.name}`));
  const values = given.map(({ name }, index) => [name, coerced[index]?.value] as const);
  return {
    value: { ...inputs, ...Object.fromEntries(values) },
    coercions: coerced.flatMap(({ coercions }) => coercions),
  };
}

function compileFaults(spec: SignatureSpec): (inputs: Record<string, unknown>) => ErrorItem[] {
  const validate = compileSchema(spec);
  const checkImages = compileImagesCheck(spec);
  const ofJson = spec.inputs.filter(({ type }) => holdsJson(type));
  return (inputs) => {
    const isValid = validate(inputs);
    const images = checkImages(inputs);
    if (!isValid || images.length > 0) return withImages(images, toErrorItems(validate.errors ?? [], spec));
    const pointer = findUnstorable(inputs, '/inputs');
    if (pointer !== undefined) {
      const message = 'Text must be well-formed Unicode without U+0000; remove what is not.';
      return [{ pointer, code: 'unstorable_text', message }];
    }
    return ofJson
      .filter((field) => Object.hasOwn(inputs, field.name) && !coerceField(field, inputs[field.name], '').fits)
      .map(({ name }) => roundedInteger(name));
  };
}

/** What is said of an image says more than the schema does. */
function withImages(images: readonly ErrorItem[], others: readonly ErrorItem[]): ErrorItem[] {
  const told = new Set(images.map(({ pointer }) => pointer));
  return [...images, ...others.filter(({ pointer }) => !told.has(pointer))].slice(0, MAX_ERRORS);
}

function compileSchema(spec: SignatureSpec): ValidateFunction {
  const ajv = new Ajv2020({
    // The schema is ours: judging it takes longer than compiling it.
    meta: false,
    validateSchema: false,
    allErrors: true,
    verbose: true,
    useDefaults: true,
    strict: false,
    ownProperties: true,
    formats: jsonSchemaFormats,
    code: { regExp: linearPattern },
  });
  return ajv.compile(inputJsonSchema(spec));
}

/** Where a value has text that neither JSON columns nor UTF-8 can hold: U+0000 or half of a surrogate pair. */
function findUnstorable(value: unknown, pointer: string): string | undefined {
  if (typeof value === 'string') return isStorableText(value) ? undefined : pointer;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, member] of Object.entries(value)) {
    const found = isStorableText(key) ? findUnstorable(member, pointerTo(pointer, key)) : pointer;
    if (found !== undefined) return found;
  }
  return undefined;
}

function roundedInteger(name: string): ErrorItem {
  const message = `"${name}" has an integer beyond 2^53, which JSON rounds on its way; write it as a text.`;
  return { pointer: `/inputs/${name}`, code: 'unsafe_integer', message };
}
