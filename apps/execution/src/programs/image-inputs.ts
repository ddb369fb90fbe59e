import { BODY_MAX_BYTES, type ErrorItem, IMAGE_MAX_BYTES } from '@dspy-nest/contracts';
import { isImage, type FieldType, type SignatureSpec } from '@dspy-nest/signature';
import { pointerTo } from './json-pointer';

const DATA_URI = /^data:image\/(?:png|jpeg|webp|gif);base64,/;
/** One character at a time: a pattern of the whole needs a stack as deep as the image is long. */
const NO_BASE64 = /[^A-Za-z0-9+/]/;
const MIB = 1_048_576;
const RULE = 'the http or https URL of an image, or a data URI with a PNG, JPEG, WebP or GIF image in base64';

/** Primitives that are no text, so that a text in a union with them can only be the image. */
const NO_TEXT: ReadonlySet<FieldType> = new Set<FieldType>(['int', 'float', 'bool', 'probability', 'reasoning']);

/** What is wrong with the images in inputs, and with how much there is besides them; empty when all is well. */
export type ImagesCheck = (inputs: object) => ErrorItem[];

interface Found {
  readonly pointer: string;
  readonly text: string;
}

/** Makes the check of a signature's images. */
export function compileImagesCheck({ inputs: fields }: Pick<SignatureSpec, 'inputs'>): ImagesCheck {
  const withImages = fields.filter(({ type }) => holdsImage(type));
  return (inputs) => {
    const given = inputs as Record<string, unknown>;
    const images = withImages.flatMap(({ name, type }) => imagesIn(type, given[name], pointerTo('/inputs', name)));
    const items = images.flatMap(({ pointer, text }) => problemOf(pointer, text) ?? []);
    const textLength = lengthOf(inputs) - images.reduce((sum, { text }) => sum + text.length, 0);
    return textLength <= BODY_MAX_BYTES ? items : [...items, tooMuchText(textLength)];
  };
}

function holdsImage(type: FieldType): boolean {
  if (typeof type === 'string') return type === 'image';
  switch (type.kind) {
    case 'list':
      return holdsImage(type.items);
    case 'dict':
      return holdsImage(type.values);
    case 'optional':
    case 'constrained':
      return holdsImage(type.of);
    case 'union':
      return type.members.some(holdsImage);
    case 'object':
      return type.fields.some((field) => holdsImage(field.type));
    case 'enum':
      return false;
  }
}

/** The texts that stand where the type has an image; what is not of the type at all is for others to say. */
function imagesIn(type: FieldType, value: unknown, pointer: string): Found[] {
  if (type === 'image') return typeof value === 'string' ? [{ pointer, text: value }] : [];
  if (typeof type === 'string' || typeof value !== 'object' || value === null)
    return imagesInScalar(type, value, pointer);
  switch (type.kind) {
    case 'list':
      return Array.isArray(value) ? value.flatMap((item, at) => imagesIn(type.items, item, `${pointer}/${at}`)) : [];
    case 'dict':
      return Object.entries(value).flatMap(([name, item]) => imagesIn(type.values, item, pointerTo(pointer, name)));
    case 'object':
      return type.fields.flatMap((field) =>
        imagesIn(field.type, (value as Record<string, unknown>)[field.name], pointerTo(pointer, field.name)),
      );
    case 'optional':
    case 'constrained':
      return imagesIn(type.of, value, pointer);
    case 'union':
    case 'enum':
      return [];
  }
}

function imagesInScalar(type: FieldType, value: unknown, pointer: string): Found[] {
  if (typeof type === 'string' || typeof value !== 'string') return [];
  if (type.kind === 'optional' || type.kind === 'constrained') return imagesIn(type.of, value, pointer);
  if (type.kind !== 'union' || !type.members.includes('image')) return [];
  const mayBeText = type.members.some((member) => member !== 'image' && !NO_TEXT.has(member));
  return mayBeText && problemOf(pointer, value) !== undefined ? [] : [{ pointer, text: value }];
}

function problemOf(pointer: string, text: string): ErrorItem | undefined {
  if (!text.startsWith('data:')) {
    return isImage(text) ? undefined : { pointer, code: 'image_invalid', message: `The image must be ${RULE}.` };
  }
  const head = DATA_URI.exec(text)?.[0];
  if (head === undefined) return { pointer, code: 'image_invalid', message: `The image must be ${RULE}.` };
  const data = text.slice(head.length);
  const padding = data.endsWith('==') ? 2 : data.endsWith('=') ? 1 : 0;
  if (data === '' || data.length % 4 !== 0 || NO_BASE64.test(data.slice(0, data.length - padding))) {
    const message =
      'The image is not well-formed base64: letters, digits, "+" and "/", filled up with "=" to a multiple of four.';
    return { pointer, code: 'image_invalid', message };
  }
  const bytes = (data.length / 4) * 3 - padding;
  if (bytes <= IMAGE_MAX_BYTES) return undefined;
  const message = `The image has ${inMib(bytes)} MiB; at most ${IMAGE_MAX_BYTES / MIB} are taken. Make it smaller, or give its URL.`;
  return { pointer, code: 'image_too_large', message };
}

function tooMuchText(length: number): ErrorItem {
  const message = `The inputs have ${inMib(length)} MiB besides their images; at most ${BODY_MAX_BYTES / MIB} is taken. Only a field of type image takes an image.`;
  return { pointer: '/inputs', code: 'too_large', message };
}

const inMib = (bytes: number): string => (bytes / MIB).toFixed(1);

/** Characters of all texts in a value. */
function lengthOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 0;
  let length = 0;
  for (const member of Object.values(value)) length += lengthOf(member);
  return length;
}
