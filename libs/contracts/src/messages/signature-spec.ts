import { z } from 'zod';
import type {
  Field as LanguageField,
  FieldType as LanguageFieldType,
  SignatureSpec as LanguageSpec,
} from '@dspy-nest/signature';

/** The types that need no further words. */
export const PrimitiveType = z
  .enum([
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
  ])
  .meta({ id: 'PrimitiveType' });

// The integer comes first so that Python, too, gives back the 1 it got and not 1.0: hashes are made of it.
const ExactNumber = z.union([z.int(), z.number()]).meta({ id: 'ExactNumber' });

/** A value of an `enum`, also what a default can be. */
export const EnumValue = z.union([z.string(), ExactNumber, z.boolean()]).meta({ id: 'EnumValue' });

/** Limits on a value, each valid for the types it makes sense for. */
export const Constraints = z
  .strictObject({
    min: ExactNumber.optional(),
    max: ExactNumber.optional(),
    minLength: z.int().min(0).optional(),
    maxLength: z.int().min(0).optional(),
    pattern: z.string().optional(),
    minItems: z.int().min(0).optional(),
    maxItems: z.int().min(0).optional(),
  })
  .meta({ id: 'Constraints' });

/** The types that are built from others, told apart by `kind`. */
const StructuredType = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('list'), items: z.lazy(() => FieldType) }).meta({ id: 'ListType' }),
    z
      .strictObject({ kind: z.literal('dict'), keys: z.lazy(() => FieldType), values: z.lazy(() => FieldType) })
      .meta({ id: 'DictType' }),
    z.strictObject({ kind: z.literal('optional'), of: z.lazy(() => FieldType) }).meta({ id: 'OptionalType' }),
    z
      .strictObject({ kind: z.literal('union'), members: z.array(z.lazy(() => FieldType)).min(2) })
      .meta({ id: 'UnionType' }),
    z
      .strictObject({
        kind: z.literal('enum'),
        values: z.array(EnumValue).min(1).max(200),
      })
      .meta({ id: 'EnumType' }),
    z
      .strictObject({ kind: z.literal('object'), fields: z.array(z.lazy(() => Field)).min(1) })
      .meta({ id: 'ObjectType' }),
    z
      .strictObject({ kind: z.literal('constrained'), of: z.lazy(() => FieldType), constraints: Constraints })
      .meta({ id: 'ConstrainedType' }),
  ])
  .meta({ id: 'StructuredType', discriminator: { propertyName: 'kind' } });

/** The type of a field: a word for a primitive, an object with `kind` for what is built from others. */
export const FieldType: z.ZodType<LanguageFieldType> = z
  .union([PrimitiveType, StructuredType])
  .meta({ id: 'FieldType' });

/** One input or output of a signature. */
export const Field: z.ZodType<LanguageField> = z
  .lazy(() =>
    z.strictObject({
      name: z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/),
      type: FieldType,
      description: z.string().optional(),
      constraints: Constraints.optional(),
      default: EnumValue.nullable().optional(),
      optional: z.boolean(),
    }),
  )
  .meta({ id: 'Field' });

/** A signature as every process understands it. */
export const SignatureSpec: z.ZodType<LanguageSpec> = z
  .strictObject({
    name: z.string(),
    version: z.int().min(1),
    definition: z.string(),
    hash: z.string().regex(/^[0-9a-f]{64}$/),
    instructions: z.string().optional(),
    inputs: z.array(Field),
    outputs: z.array(Field),
  })
  .meta({ id: 'SignatureSpec' });
