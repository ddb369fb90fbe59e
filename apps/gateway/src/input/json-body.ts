import { isUtf8 } from 'node:buffer';
import { BODY_MAX_BYTES, JSON_MAX_DEPTH, type JsonObject } from '@dspy-nest/contracts';
import { MalformedRequestError, PayloadTooLargeError } from '../http/http.errors';
import { findTooDeep, imageLength, locateFault, placeOf } from './json-scan';

/** Also catches the name spelled with escapes; what it suspects is looked at closely. */
const SUSPECT_NAME = /__proto__|\\u005f/i;

const BODY = 'The body';

/** No character takes more bytes. */
const CHARACTER_MAX_BYTES = 3;

/** The text of a body; throws MalformedRequestError for one that is no UTF-8, of which characters would be lost in silence. */
export function textOf(body: Buffer): string {
  if (isUtf8(body)) return body.toString();
  const message = 'The body is no UTF-8, in which all JSON is sent. Save it in that encoding.';
  throw new MalformedRequestError(message, [{ pointer: '', code: 'not_utf8', message }]);
}

/** Reads a body that must be one JSON object; an empty text is no body. Throws MalformedRequestError and PayloadTooLargeError. */
export function parseJsonBody(text: string): JsonObject | undefined {
  return text.length === 0 ? undefined : parseJsonObject(text, BODY);
}

/** Reads a body that must be a JSON array of rows. Throws as {@link parseJsonBody} does. */
export function parseJsonRows(text: string): unknown[] | undefined {
  if (text.length === 0) return undefined;
  const value = parseJson(text, BODY);
  if (Array.isArray(value)) return value as unknown[];
  throw malformed(
    text,
    0,
    'json_not_an_array',
    'The body must be a JSON array of inputs, such as [{"question": "…"}],',
  );
}

/** Reads a text that must be one JSON object and is called `what` in messages. Throws as {@link parseJsonBody} does. */
export function parseJsonObject(text: string, what: string): JsonObject {
  const value = parseJson(text, what);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw malformed(text, 0, 'json_not_an_object', `${what} must be a JSON object, such as {"name": "…"},`);
}

function parseJson(text: string, what: string): unknown {
  refuseTooLarge(text);
  const tooDeep = findTooDeep(text, JSON_MAX_DEPTH);
  if (tooDeep !== undefined) {
    throw malformed(text, tooDeep, 'json_too_deep', `${what} nests deeper than ${JSON_MAX_DEPTH} levels`);
  }
  const value = parse(text, what);
  if (SUSPECT_NAME.test(text) && typeof value === 'object' && value !== null && hasProtoKey(value)) {
    const message = `${what} has a member named "__proto__", which is never accepted. Rename it.`;
    throw new MalformedRequestError(message, [{ pointer: '', code: 'json_forbidden_name', message }]);
  }
  return value;
}

/** How much a route takes at all, Fastify has seen to; here, that only images make a body larger than others. */
function refuseTooLarge(text: string): void {
  if (text.length <= BODY_MAX_BYTES / CHARACTER_MAX_BYTES) return;
  const bytes = Buffer.byteLength(text);
  if (bytes <= BODY_MAX_BYTES) return;
  const withoutImages = bytes - imageLength(text);
  if (withoutImages <= BODY_MAX_BYTES) return;
  throw new PayloadTooLargeError(
    `The body has ${withoutImages} bytes besides its images; at most ${BODY_MAX_BYTES} are taken. ` +
      'Send less, or images as data URIs: "data:image/png;base64,…".',
  );
}

function parse(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const { offset, expected } = locateFault(text);
    const found = offset < text.length ? `found ${JSON.stringify(text[offset])}` : `${what.toLowerCase()} ends`;
    throw malformed(text, offset, 'json_syntax', `${what} is not JSON: expected ${expected}, but ${found}`);
  }
}

function malformed(text: string, offset: number, code: string, what: string): MalformedRequestError {
  const item = placeOf(text, offset, code, what);
  const message = `${what} at line ${item.line}, column ${item.column}.`;
  return new MalformedRequestError(message, [{ ...item, message }]);
}

function hasProtoKey(value: object): boolean {
  if (Object.hasOwn(value, '__proto__')) return true;
  return Object.values(value).some((member) => typeof member === 'object' && member !== null && hasProtoKey(member));
}
