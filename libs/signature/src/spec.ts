/** The types written as one word. `reasoning` is a list of steps, `image` a URL or data URI, `json` any JSON value. */
export const primitiveTypes = [
  'string',
  'int',
  'float',
  'bool',
  'probability',
  'reasoning',
  'date',
  'datetime',
  'url',
  'email',
  'json',
  'image',
] as const;

export type PrimitiveType = (typeof primitiveTypes)[number];

/** A value of an `enum[…]`. */
export type EnumValue = string | number | boolean;

/** Limits on a value: `min`/`max` on numbers, lengths (in code points) and `pattern` on strings, item counts on lists. */
export interface Constraints {
  min?: number;
  max?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  minItems?: number;
  maxItems?: number;
}

/** The type of a field: a word for primitives, else an object told apart by `kind`. */
export type FieldType =
  | PrimitiveType
  | { kind: 'list'; items: FieldType }
  | { kind: 'dict'; keys: FieldType; values: FieldType }
  | { kind: 'optional'; of: FieldType }
  | { kind: 'union'; members: FieldType[] }
  | { kind: 'enum'; values: EnumValue[] }
  | { kind: 'object'; fields: Field[] }
  | { kind: 'constrained'; of: FieldType; constraints: Constraints };

/** One input or output. At this level optional and constraints stand beside the type; inside a type they are kinds of it. */
export interface Field {
  name: string;
  type: FieldType;
  description?: string;
  constraints?: Constraints;
  default?: EnumValue | null;
  optional: boolean;
}

/** A signature as data; `definition` is the canonical text, `hash` is that of `hashSpec`. */
export interface SignatureSpec {
  name: string;
  version: number;
  definition: string;
  hash: string;
  instructions?: string;
  inputs: Field[];
  outputs: Field[];
}

/** What a caller may control, bounded. */
export const signatureLimits = {
  textLength: 20_000,
  fieldsPerSide: 64,
  nameLength: 64,
  nesting: 8,
  enumValues: 200,
  errors: 20,
} as const;
