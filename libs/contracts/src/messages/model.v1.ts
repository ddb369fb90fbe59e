import { z } from 'zod';
import { IfMatch } from './precondition';
import { FormatName, ModelName, Timestamp, Uuid, Version } from './primitives';

/** Prices of a model in USD per million tokens; what is unknown is null. */
export const ModelPricing = z
  .strictObject({
    inputPerMillionUsd: z.number().min(0).nullable(),
    outputPerMillionUsd: z.number().min(0).nullable(),
  })
  .meta({ id: 'ModelPricing' });
export type ModelPricing = z.infer<typeof ModelPricing>;

/** The most that a model server may say it answers at once; one that answers more says nothing. */
export const PARALLEL_CALLS_MAX = 1_000;

/** The longest context that a model may say it has, in tokens. */
export const CONTEXT_TOKENS_MAX = 100_000_000;

const CAN = {
  grammar: z.boolean().meta({ description: 'Takes a GBNF grammar, as llama.cpp does.' }),
  jsonSchema: z.boolean().meta({ description: 'Takes response_format json_schema.' }),
  images: z.boolean().meta({ description: 'Takes images in messages.' }),
  contextTokens: z
    .int()
    .min(1)
    .max(CONTEXT_TOKENS_MAX)
    .meta({ description: 'Tokens that prompt and answer may have together.' }),
};

/** What a model server can do beyond plain chat. */
export const ModelCapabilities = z
  .strictObject({
    grammar: CAN.grammar,
    jsonSchema: CAN.jsonSchema,
    images: CAN.images.optional(),
    contextTokens: CAN.contextTokens.optional(),
    parallelCalls: z.int().min(1).max(PARALLEL_CALLS_MAX).optional().meta({
      description: 'Calls that it answers at once: a batch or an evaluation has no more of its rows with the fleet.',
    }),
  })
  .meta({ id: 'ModelCapabilities' });
export type ModelCapabilities = z.infer<typeof ModelCapabilities>;

/** What a program needs a model to be able to do: what is false or absent is not needed; of numbers at least as much. */
export const ModelRequirements = z.strictObject(CAN).partial().meta({ id: 'ModelRequirements' });
export type ModelRequirements = z.infer<typeof ModelRequirements>;

/** A model as its owner sees it: without the key. */
export const ModelV1 = z
  .strictObject({
    id: Uuid,
    name: ModelName,
    version: Version,
    model: z.string().min(1).max(200).meta({ description: 'The name sent on the wire.' }),
    baseUrl: z.string().max(2_000),
    hasApiKey: z.boolean(),
    format: FormatName.meta({ description: 'The format that `auto` means for this model.' }),
    pricing: ModelPricing.nullable(),
    capabilities: ModelCapabilities,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .meta({ id: 'ModelV1' });
export type ModelV1 = z.infer<typeof ModelV1>;

/** Asks the registry for all a worker needs to call one version of a model. Never stored, never logged. */
export const ModelConnectV1 = z.strictObject({ modelId: Uuid, version: Version }).meta({ id: 'ModelConnectV1' });
export type ModelConnectV1 = z.infer<typeof ModelConnectV1>;

/** The answer to {@link ModelConnectV1}: the only message that carries a key. */
export const ModelConnectionV1 = z
  .strictObject({
    id: Uuid,
    name: ModelName,
    version: Version,
    model: z.string(),
    baseUrl: z.string(),
    apiKey: z.string().nullable(),
    pricing: ModelPricing.nullable(),
    capabilities: ModelCapabilities,
    trusted: z
      .literal(true)
      .optional()
      .meta({ description: 'The operator gave the base URL: its server may be at any address.' }),
  })
  .meta({ id: 'ModelConnectionV1' });
export type ModelConnectionV1 = z.infer<typeof ModelConnectionV1>;

/** Creates a model. The key is write-only. */
export const ModelCreateV1 = z
  .strictObject({
    name: ModelName,
    model: z.string().min(1).max(200),
    baseUrl: z.url({ protocol: /^https?$/ }).max(2_000),
    apiKey: z.string().min(1).max(1_000).nullish(),
    format: FormatName.optional(),
    pricing: ModelPricing.nullish(),
    capabilities: ModelCapabilities.partial().optional(),
  })
  .meta({ id: 'ModelCreateV1' });
export type ModelCreateV1 = z.infer<typeof ModelCreateV1>;

/** Changes a model in place; its version goes up. `apiKey: null` removes the key. */
export const ModelUpdateV1 = ModelCreateV1.partial()
  .extend({ name: ModelName, ifMatch: IfMatch.optional() })
  .meta({ id: 'ModelUpdateV1' });
export type ModelUpdateV1 = z.infer<typeof ModelUpdateV1>;

/** Deletes a model. */
export const ModelDeleteV1 = z
  .strictObject({ name: ModelName, ifMatch: IfMatch.optional() })
  .meta({ id: 'ModelDeleteV1' });
export type ModelDeleteV1 = z.infer<typeof ModelDeleteV1>;

/** Names one model. */
export const ModelRefV1 = z.strictObject({ name: ModelName }).meta({ id: 'ModelRefV1' });
export type ModelRefV1 = z.infer<typeof ModelRefV1>;
