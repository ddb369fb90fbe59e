import { z } from 'zod';
import { ModelRequirements } from './model.v1';
import { CallLimitsChange, MaxRetries, TIMEOUT_MAX_MS, TimeoutMs } from './time-limits';
import {
  AdapterName,
  FormatName,
  ModelName,
  ModuleName,
  OpenObject,
  ProgramName,
  ProgramNameOrId,
  Tenant,
  ToolName,
  Uuid,
  Version,
} from './primitives';
import { SignatureSpec } from './signature-spec';

/** Whether values are mended and told as coercions before they are checked, or only checked. */
export const ValidationMode = z.enum(['strict', 'coerce']).meta({ id: 'ValidationMode' });
export type ValidationMode = z.infer<typeof ValidationMode>;

/** How the values of a program are checked against its signature. */
export const Validation = z
  .strictObject({
    inputs: ValidationMode.optional().meta({ description: 'Of what a caller sends; strict unless said otherwise.' }),
    outputs: ValidationMode.optional().meta({ description: 'Of what a model answers; coerce unless said otherwise.' }),
  })
  .meta({ id: 'Validation' });

/** How long an answer is kept for callers who ask the same again: seconds. */
export const CACHE_TTL_MAX_S = 2_592_000;
export const CACHE_TTL_DEFAULT_S = 3_600;

/** Whether the answers of a program are kept, and for how long. */
export const CacheConfig = z
  .strictObject({
    ttlSeconds: z
      .int()
      .min(1)
      .max(CACHE_TTL_MAX_S)
      .meta({ description: 'How long an answer is given again instead of asking a model.' }),
  })
  .meta({ id: 'CacheConfig' });

/** Most models that a program may have its executions go to. */
export const ROUTED_MODELS_MAX = 8;

/** Most outputs that a vote may be about. */
export const VOTE_FIELDS_MAX = 20;

/** The name of an output of the program's signature. */
const OutputName = z.string().min(1).max(64).meta({ id: 'OutputName' });

/** Which of the answers of several models is that of the execution. */
export const MultiStrategy = z.enum(['first', 'vote', 'best']).meta({ id: 'MultiStrategy' });
export type MultiStrategy = z.infer<typeof MultiStrategy>;

/** How the adapter multi takes one answer of those of several models. */
export const MultiConfig = z
  .strictObject({
    strategy: MultiStrategy.meta({
      description:
        'first: the first valid answer; vote: the one most agree with; best: the one with the highest value.',
    }),
    fields: z
      .array(OutputName)
      .min(1)
      .max(VOTE_FIELDS_MAX)
      .optional()
      .meta({ description: 'The outputs a vote is about, or the one output whose value is highest in the best.' }),
  })
  .meta({ id: 'MultiConfig' });
export type MultiConfig = z.infer<typeof MultiConfig>;

/** What the adapter router wants of a model beside a low price. */
export const RouterConfig = z
  .strictObject({
    requires: ModelRequirements.optional().meta({
      description: 'What a model has to say it can do, in its `capabilities`; others are never asked.',
    }),
    maxP95Ms: z
      .int()
      .min(1)
      .max(TIMEOUT_MAX_MS)
      .optional()
      .meta({ description: 'The 95th percentile of the time that a model took lately, in milliseconds, at most.' }),
  })
  .meta({ id: 'RouterConfig' });

/** What runs the executions of a program while no worker lives. */
export const FallbackName = z.enum(['native']).meta({ id: 'FallbackName' });
export type FallbackName = z.infer<typeof FallbackName>;

/** How often a module that compares answers may ask for one. */
export const ATTEMPTS_MIN = 2;
export const ATTEMPTS_MAX = 10;
export const ATTEMPTS_DEFAULT = 3;

/** Most tools that a program may name, and most turns in which it may call them. */
export const TOOLS_MAX = 20;
export const ITERS_MAX = 20;
export const ITERS_DEFAULT = 10;

/** What tells a better answer from a worse one. */
export const Reward = z
  .strictObject({
    field: z
      .string()
      .min(1)
      .max(64)
      .meta({ description: 'The output whose value is the reward: int, float, probability or bool (1 for true).' }),
  })
  .meta({ id: 'Reward' });

/** How a program runs; what is absent is left to the model or to the platform's defaults. */
export const ProgramConfig = z
  .strictObject({
    temperature: z.number().min(0).max(2).optional(),
    maxTokens: z.int().min(1).max(1_000_000).optional(),
    topP: z.number().min(0).max(1).optional(),
    attempts: z
      .int()
      .min(ATTEMPTS_MIN)
      .max(ATTEMPTS_MAX)
      .optional()
      .meta({ description: 'Answers that a module asks for which compares several; 3 unless said otherwise.' }),
    reward: Reward.optional().meta({ description: 'By what BestOfN and Refine take the best of their answers.' }),
    threshold: z.number().optional().meta({ description: 'The reward that is good enough to ask no further.' }),
    tools: z
      .array(ToolName)
      .min(1)
      .max(TOOLS_MAX)
      .optional()
      .meta({ description: 'Tools of the operator that the module ReAct may call.' }),
    maxIters: z
      .int()
      .min(1)
      .max(ITERS_MAX)
      .optional()
      .meta({ description: 'Turns in which ReAct may call a tool; 10 unless said otherwise.' }),
    timeoutMs: TimeoutMs.optional().meta({ description: 'Total time of an execution that names none.' }),
    limits: CallLimitsChange.optional(),
    maxRetries: MaxRetries.optional(),
    maxConcurrency: z
      .int()
      .min(1)
      .max(100_000)
      .optional()
      .meta({ description: 'Executions of the program that may be open at once; more are answered 429.' }),
    record: z
      .enum(['all', 'none'])
      .optional()
      .meta({ description: 'Whether prompts and completions are kept; all unless said otherwise.' }),
    validation: Validation.optional(),
    cache: CacheConfig.optional().meta({
      description: 'Answers equal inputs from the answer of before; nothing is kept unless this is there.',
    }),
    models: z
      .array(ModelName)
      .min(1)
      .max(ROUTED_MODELS_MAX)
      .optional()
      .meta({ description: 'What the adapter router chooses from, and what the adapter multi asks, all at once.' }),
    multi: MultiConfig.optional().meta({
      description: 'Which answer the adapter multi takes; the first valid one unless said otherwise.',
    }),
    router: RouterConfig.optional().meta({
      description: 'What the adapter router wants of a model; the lowest price decides unless this is there.',
    }),
    fallback: FallbackName.optional().meta({
      description: 'What runs its executions while no worker lives; they wait for one unless this is there.',
    }),
  })
  .meta({ id: 'ProgramConfig' });
export type ProgramConfig = z.infer<typeof ProgramConfig>;

/** One immutable version of a program, whole: what a replica or a worker needs to run it. */
export const ProgramVersionV1 = z
  .strictObject({
    tenant: Tenant,
    programId: Uuid,
    name: ProgramName,
    version: Version,
    hash: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .meta({ description: 'SHA-256 of the RFC 8785 form of what a worker runs.' }),
    signature: SignatureSpec,
    module: ModuleName,
    model: ModelName.nullable(),
    adapter: AdapterName,
    format: FormatName,
    config: ProgramConfig,
    state: OpenObject.nullable(),
  })
  .meta({ id: 'ProgramVersionV1' });
export type ProgramVersionV1 = z.infer<typeof ProgramVersionV1>;

/** Asks the registry for a program by name or id; without `version` the published one. */
export const ProgramResolveV1 = z
  .strictObject({ name: ProgramNameOrId, version: Version.optional() })
  .meta({ id: 'ProgramResolveV1' });
export type ProgramResolveV1 = z.infer<typeof ProgramResolveV1>;

/** Asks the registry for one version of a program by its content hash. */
export const ProgramVersionGetV1 = z
  .strictObject({ programId: Uuid, version: Version })
  .meta({ id: 'ProgramVersionGetV1' });
export type ProgramVersionGetV1 = z.infer<typeof ProgramVersionGetV1>;
