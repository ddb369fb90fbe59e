import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  AdapterName,
  CACHE_TTL_MAX_S,
  FallbackName,
  FormatName,
  ATTEMPTS_DEFAULT,
  ATTEMPTS_MAX,
  ATTEMPTS_MIN,
  ITERS_DEFAULT,
  ITERS_MAX,
  ModuleName,
  MultiStrategy,
  ProgramConfig,
  ValidationMode,
  RETRIES_DEFAULT,
  RETRIES_MAX,
  ROUTED_MODELS_MAX,
  TIMEOUT_DEFAULT_MS,
  TIMEOUT_MAX_MS,
  TOOLS_MAX,
  VOTE_FIELDS_MAX,
  VERSION_MAX,
  type ProgramCreateV1,
} from '@dspy-nest/contracts';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsInt,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { CallLimitsDto } from '../input/call-limits.dto';
import { MayBeAbsent } from '../input/may-be-absent';
import { ModelRequirementsDto } from '../models/create-model.dto';

const CONCURRENCY_MAX = 100_000;
const MODEL_NAME = /^[a-z][a-z0-9._-]{0,62}$/;
const TOOL_NAME = /^[a-z][a-z0-9_]{0,62}$/;
const RECORD = ProgramConfig.shape.record.unwrap().options;

/** How the values of a program are checked against its signature. */
class ValidationDto {
  @ApiPropertyOptional({ enum: ValidationMode.options, default: 'strict', description: 'Of what a caller sends.' })
  @MayBeAbsent()
  @IsIn(ValidationMode.options)
  inputs?: ValidationMode;

  @ApiPropertyOptional({ enum: ValidationMode.options, default: 'coerce', description: 'Of what a model answers.' })
  @MayBeAbsent()
  @IsIn(ValidationMode.options)
  outputs?: ValidationMode;
}

/** Whether answers are kept for callers who ask the same again. */
export class CacheDto {
  @ApiProperty({
    type: 'integer',
    minimum: 1,
    maximum: CACHE_TTL_MAX_S,
    description: 'How long an answer is given again instead of asking a model.',
  })
  @IsInt()
  @Min(1)
  @Max(CACHE_TTL_MAX_S)
  ttlSeconds: number;
}

/** What tells a better answer from a worse one. */
class RewardDto {
  @ApiProperty({
    minLength: 1,
    maxLength: 64,
    description: 'The output whose value is the reward: int, float, probability or bool (1 for true).',
  })
  @IsString()
  @Length(1, 64)
  field: string;
}

/** What the adapter router wants of a model beside a low price. */
class RouterDto {
  @ApiPropertyOptional({
    type: ModelRequirementsDto,
    description: 'What a model has to say it can do, in its `capabilities`; others are never asked.',
  })
  @MayBeAbsent()
  @IsObject()
  @ValidateNested()
  @Type(() => ModelRequirementsDto)
  requires?: ModelRequirementsDto;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: TIMEOUT_MAX_MS,
    description: 'The 95th percentile of the time that a model took lately, in milliseconds, at most.',
  })
  @MayBeAbsent()
  @IsInt()
  @Min(1)
  @Max(TIMEOUT_MAX_MS)
  maxP95Ms?: number;
}

/** How the adapter multi takes one answer of those of several models. */
class MultiDto {
  @ApiProperty({
    enum: MultiStrategy.options,
    description: 'first: the first valid answer; vote: the one most agree with; best: the one with the highest value.',
  })
  @IsIn(MultiStrategy.options)
  strategy: MultiStrategy;

  @ApiPropertyOptional({
    type: [String],
    minItems: 1,
    maxItems: VOTE_FIELDS_MAX,
    description: 'The outputs a vote is about, or the one output whose value is highest in the best.',
  })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(VOTE_FIELDS_MAX)
  @IsString({ each: true })
  @Length(1, 64, { each: true })
  fields?: string[];
}

/** How a program runs; what is absent is left to the model or to the platform. */
export class ProgramConfigDto {
  @ApiPropertyOptional({ minimum: 0, maximum: 2 })
  @MayBeAbsent()
  @IsNumber()
  @Min(0)
  @Max(2)
  temperature?: number;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 1_000_000 })
  @MayBeAbsent()
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  maxTokens?: number;

  @ApiPropertyOptional({ minimum: 0, maximum: 1 })
  @MayBeAbsent()
  @IsNumber()
  @Min(0)
  @Max(1)
  topP?: number;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: ATTEMPTS_MIN,
    maximum: ATTEMPTS_MAX,
    default: ATTEMPTS_DEFAULT,
    description: 'Answers that a module asks for which compares several.',
  })
  @MayBeAbsent()
  @IsInt()
  @Min(ATTEMPTS_MIN)
  @Max(ATTEMPTS_MAX)
  attempts?: number;

  @ApiPropertyOptional({ type: RewardDto, description: 'By what BestOfN and Refine take the best of their answers.' })
  @MayBeAbsent()
  @ValidateNested()
  @Type(() => RewardDto)
  reward?: RewardDto;

  @ApiPropertyOptional({ description: 'The reward that is good enough to ask no further.' })
  @MayBeAbsent()
  @IsNumber()
  threshold?: number;

  @ApiPropertyOptional({
    type: [String],
    minItems: 1,
    maxItems: TOOLS_MAX,
    description: 'Tools of the operator that the module ReAct may call.',
  })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(TOOLS_MAX)
  @Matches(TOOL_NAME, { each: true, message: 'must have names of tools: lower-case letters, digits and "_"' })
  tools?: string[];

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: ITERS_MAX,
    default: ITERS_DEFAULT,
    description: 'Turns in which ReAct may call a tool.',
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(ITERS_MAX)
  maxIters?: number;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: TIMEOUT_MAX_MS,
    default: TIMEOUT_DEFAULT_MS,
    description: 'Total time of an execution that names none, in milliseconds.',
  })
  @MayBeAbsent()
  @IsInt()
  @Min(1)
  @Max(TIMEOUT_MAX_MS)
  timeoutMs?: number;

  @ApiPropertyOptional({ type: CallLimitsDto, description: 'The clocks of each model call.' })
  @MayBeAbsent()
  @IsObject()
  @ValidateNested()
  @Type(() => CallLimitsDto)
  limits?: CallLimitsDto;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    maximum: RETRIES_MAX,
    default: RETRIES_DEFAULT,
    description: 'How often one execution may ask a model again, for whatever reason.',
  })
  @MayBeAbsent()
  @IsInt()
  @Min(0)
  @Max(RETRIES_MAX)
  maxRetries?: number;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: CONCURRENCY_MAX,
    description: 'Executions of the program that may be open at once; more are answered 429. Unlimited when absent.',
  })
  @MayBeAbsent()
  @IsInt()
  @Min(1)
  @Max(CONCURRENCY_MAX)
  maxConcurrency?: number;

  @ApiPropertyOptional({
    enum: RECORD,
    default: 'all',
    description: 'Whether the prompts and completions of its executions are kept.',
  })
  @MayBeAbsent()
  @IsIn(RECORD)
  record?: (typeof RECORD)[number];

  @ApiPropertyOptional({
    type: ValidationDto,
    description:
      '"coerce" mends values where nothing has to be guessed, and tells each as a coercion of the execution.',
  })
  @MayBeAbsent()
  @IsObject()
  @ValidateNested()
  @Type(() => ValidationDto)
  validation?: ValidationDto;

  @ApiPropertyOptional({
    type: CacheDto,
    description: 'Answers equal inputs from the answer of before; nothing is kept unless this is there.',
  })
  @MayBeAbsent()
  @IsObject()
  @ValidateNested()
  @Type(() => CacheDto)
  cache?: CacheDto;

  @ApiPropertyOptional({
    type: 'array',
    items: { type: 'string', pattern: MODEL_NAME.source },
    minItems: 1,
    maxItems: ROUTED_MODELS_MAX,
    description: 'What the adapter router chooses from, and what the adapter multi asks, all at once.',
  })
  @MayBeAbsent()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(ROUTED_MODELS_MAX)
  @Matches(MODEL_NAME, { each: true, message: 'must be names of models' })
  models?: string[];

  @ApiPropertyOptional({
    type: MultiDto,
    description: 'Which answer the adapter multi takes; the first valid one unless said otherwise.',
  })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => MultiDto)
  multi?: MultiDto;

  @ApiPropertyOptional({
    type: RouterDto,
    description: 'What the adapter router wants of a model; the lowest price decides unless this is there.',
  })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => RouterDto)
  router?: RouterDto;

  @ApiPropertyOptional({
    enum: FallbackName.options,
    description: 'What runs its executions while no worker lives; they wait for one unless this is there.',
  })
  @MayBeAbsent()
  @IsIn(FallbackName.options)
  fallback?: FallbackName;
}

/** A new program: a signature and how it is run. */
export class CreateProgramDto {
  @ApiProperty({ example: 'route-ticket', pattern: '^[a-z][a-z0-9-]{0,62}$' })
  @Matches(/^[a-z][a-z0-9-]{0,62}$/, {
    message: 'must be a lower-case letter and then at most 62 lower-case letters, digits and "-"',
  })
  name: string;

  @ApiProperty({
    example: 'RouteTicket',
    minLength: 1,
    maxLength: 20_000,
    description: 'The name of a signature, or a definition, which then takes the name of the program in PascalCase.',
  })
  @IsString()
  @Length(1, 20_000)
  signature: string;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: VERSION_MAX,
    description: 'The version of the named signature; the newest, unless given. It stays until another is asked for.',
  })
  @MayBeAbsent()
  @IsInt()
  @Min(1)
  @Max(VERSION_MAX)
  signatureVersion?: number;

  @ApiPropertyOptional({ maxLength: 2_000 })
  @MayBeAbsent()
  @IsString()
  @MaxLength(2_000)
  description?: string;

  @ApiPropertyOptional({ enum: ModuleName.options, default: 'Predict' })
  @MayBeAbsent()
  @IsIn(ModuleName.options)
  module?: ProgramCreateV1['module'];

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    pattern: MODEL_NAME.source,
    description: 'The name of a model; null for the default model.',
  })
  @IsOptional()
  @Matches(MODEL_NAME, { message: 'must be the name of a model' })
  model?: string | null;

  @ApiPropertyOptional({ enum: AdapterName.options, default: 'auto', description: 'Where the program runs.' })
  @MayBeAbsent()
  @IsIn(AdapterName.options)
  adapter?: ProgramCreateV1['adapter'];

  @ApiPropertyOptional({ enum: FormatName.options, default: 'auto', description: 'How the model is asked.' })
  @MayBeAbsent()
  @IsIn(FormatName.options)
  format?: ProgramCreateV1['format'];

  @ApiPropertyOptional({ type: ProgramConfigDto })
  @MayBeAbsent()
  @IsObject()
  @ValidateNested()
  @Type(() => ProgramConfigDto)
  config?: ProgramConfigDto;
}
