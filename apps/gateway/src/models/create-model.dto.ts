import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { CONTEXT_TOKENS_MAX, FormatName, type ModelCreateV1, PARALLEL_CALLS_MAX } from '@dspy-nest/contracts';
import { Type } from 'class-transformer';
import {
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  IsUrl,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { MayBeAbsent } from '../input/may-be-absent';

/** Prices in USD per million tokens; null where unknown. */
export class ModelPricingDto {
  @ApiProperty({ type: Number, nullable: true, minimum: 0 })
  @ValidateIf((_, value) => value !== null)
  @IsNumber()
  @Min(0)
  inputPerMillionUsd: number | null;

  @ApiProperty({ type: Number, nullable: true, minimum: 0 })
  @ValidateIf((_, value) => value !== null)
  @IsNumber()
  @Min(0)
  outputPerMillionUsd: number | null;
}

/** What a model can do that a program may need. */
export class ModelRequirementsDto {
  @ApiPropertyOptional({ description: 'Takes a GBNF grammar, as llama.cpp does.' })
  @MayBeAbsent()
  @IsBoolean()
  grammar?: boolean;

  @ApiPropertyOptional({ description: 'Takes response_format json_schema.' })
  @MayBeAbsent()
  @IsBoolean()
  jsonSchema?: boolean;

  @ApiPropertyOptional({ description: 'Takes images in messages.' })
  @MayBeAbsent()
  @IsBoolean()
  images?: boolean;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: CONTEXT_TOKENS_MAX,
    description: 'Tokens that prompt and answer may have together.',
  })
  @MayBeAbsent()
  @IsInt()
  @Min(1)
  @Max(CONTEXT_TOKENS_MAX)
  contextTokens?: number;
}

/** What the model server can do beyond plain chat. */
export class ModelCapabilitiesDto extends ModelRequirementsDto {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: PARALLEL_CALLS_MAX,
    description:
      'Calls that it answers at once. A batch or an evaluation has no more of its rows with the fleet, for those beyond would ' +
      'wait at the model while their time runs out. Not limited when absent.',
  })
  @MayBeAbsent()
  @IsInt()
  @Min(1)
  @Max(PARALLEL_CALLS_MAX)
  parallelCalls?: number;
}

/** A model behind an OpenAI-compatible endpoint. */
export class CreateModelDto {
  @ApiProperty({ example: 'small', pattern: '^[a-z][a-z0-9._-]{0,62}$' })
  @Matches(/^[a-z][a-z0-9._-]{0,62}$/, {
    message: 'must be a lower-case letter and then at most 62 lower-case letters, digits, ".", "_" and "-"',
  })
  name: string;

  @ApiProperty({ example: 'gpt-4o-mini', description: 'The name sent on the wire.', minLength: 1, maxLength: 200 })
  @IsString()
  @Length(1, 200)
  model: string;

  @ApiProperty({ example: 'https://models.example.com/v1', format: 'uri', maxLength: 2_000 })
  @IsUrl(
    { protocols: ['http', 'https'], require_protocol: true, require_tld: false },
    { message: 'must be an http or https URL' },
  )
  @MaxLength(2_000)
  baseUrl: string;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    writeOnly: true,
    description: 'Write-only. null removes the key.',
    minLength: 1,
    maxLength: 1_000,
  })
  @IsOptional()
  @IsString()
  @Length(1, 1_000)
  apiKey?: string | null;

  @ApiPropertyOptional({ enum: FormatName.options, description: 'The format that `auto` means for this model.' })
  @MayBeAbsent()
  @IsIn(FormatName.options)
  format?: ModelCreateV1['format'];

  @ApiPropertyOptional({ type: ModelPricingDto, nullable: true })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => ModelPricingDto)
  pricing?: ModelPricingDto | null;

  @ApiPropertyOptional({ type: ModelCapabilitiesDto })
  @MayBeAbsent()
  @IsObject()
  @ValidateNested()
  @Type(() => ModelCapabilitiesDto)
  capabilities?: ModelCapabilitiesDto;
}
