import type { ErrorItem } from '@dspy-nest/contracts';
import type { SignatureSpec } from '@dspy-nest/signature';
import type { ErrorObject } from 'ajv/dist/2020';
import { pointerTo } from './json-pointer';

/** Errors told at once; a caller mends these before there is a use for more. */
export const MAX_ERRORS = 20;

/** What ajv found wrong with inputs, as a caller is told it. */
export function toErrorItems(errors: readonly ErrorObject[], spec: SignatureSpec): ErrorItem[] {
  const choices = new Map(
    errors
      .filter(({ keyword }) => keyword === 'anyOf')
      .map(({ schemaPath, schema }) => [schemaPath, isNullable(schema)]),
  );
  const told = errors.filter((error) => error.propertyName === undefined && !isOfChoice(error, choices));
  const withFaultsInside = new Set(told.flatMap(({ instancePath }) => placesAround(instancePath)));
  return told
    .filter(({ keyword, instancePath }) => !(ofLists.has(keyword) && withFaultsInside.has(instancePath)))
    .slice(0, MAX_ERRORS)
    .map((error) => toItem(error, spec));
}

/** The items come first: only a list of right ones is counted. */
const ofLists: ReadonlySet<string> = new Set(['minItems', 'maxItems']);

function placesAround(pointer: string): string[] {
  const parts = pointer.split('/');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
}

const isNullable = (schema: unknown): boolean =>
  Array.isArray(schema) && schema.length === 2 && (schema[1] as { type?: unknown }).type === 'null';

/** Whether an error is only one of a choice: what the members of a union say, or that an optional value is not null. */
function isOfChoice({ schemaPath }: ErrorObject, choices: ReadonlyMap<string, boolean>): boolean {
  for (const [path, nullable] of choices) {
    if (nullable ? schemaPath === path || schemaPath.startsWith(`${path}/1/`) : schemaPath.startsWith(`${path}/`)) {
      return true;
    }
  }
  return false;
}

function toItem(error: ErrorObject, spec: SignatureSpec): ErrorItem {
  const pointer = `/inputs${error.instancePath}`;
  const params = error.params as Record<string, unknown>;
  if (error.keyword === 'required') return missing(pointer, String(params['missingProperty']));
  if (error.keyword === 'additionalProperties') return unexpected(pointer, String(params['additionalProperty']), spec);
  const field = `"${error.instancePath.slice(1) || 'inputs'}"`;
  if (error.keyword === 'propertyNames') {
    const name = String(params['propertyName']);
    const message = `${field} must not have the member "${name}": its type does not allow the name.`;
    return { pointer: pointerTo(pointer, name), code: 'not_allowed', message };
  }
  if (error.keyword === 'enum') {
    const allowed = JSON.stringify(params['allowedValues']);
    return { pointer, code: 'not_allowed', message: `${field} must be one of ${allowed}.` };
  }
  const code = error.keyword === 'type' ? 'wrong_type' : error.keyword;
  return { pointer, code, message: `${field} ${error.message ?? 'is invalid'}.` };
}

function missing(pointer: string, name: string): ErrorItem {
  return { pointer: pointerTo(pointer, name), code: 'missing', message: `Input "${name}" is missing.` };
}

function unexpected(pointer: string, name: string, spec: SignatureSpec): ErrorItem {
  const known = spec.inputs.map((field) => field.name).join(', ');
  return {
    pointer: pointerTo(pointer, name),
    code: 'unexpected',
    message: `"${name}" is no input of ${spec.name}.`,
    hint: `Its inputs: ${known}.`,
  };
}
