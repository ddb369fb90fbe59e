import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { EXAMPLE_SPLITS, EVALUATION_EXAMPLES_MAX, EVALUATION_LEVEL_DEFAULT, VERSION_MAX } from '@dspy-nest/contracts';
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
  Min,
  ValidateNested,
} from 'class-validator';

const SEED_MAX = 4_294_967_295;

/** The inputs of an execution, and the outputs that are expected of it. */
export class EvaluationExampleDto {
  @ApiProperty({ type: 'object', additionalProperties: true, example: { ticket: 'My card was charged twice' } })
  @IsObject()
  inputs: Record<string, unknown>;

  @ApiProperty({ type: 'object', additionalProperties: true, example: { team: 'billing' } })
  @IsObject()
  expected: Record<string, unknown>;
}

/** What is evaluated, by which metric, and on which examples. */
export class CreateEvaluationDto {
  @ApiProperty({ example: 'route-ticket', pattern: '^[a-z0-9][a-z0-9-]{0,62}$', description: 'Its name or id.' })
  @Matches(/^[a-z0-9][a-z0-9-]{0,62}$/, { message: 'must be the name of a program, or its id' })
  program: string;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: VERSION_MAX,
    description: 'The published version, unless given.',
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(VERSION_MAX)
  version?: number;

  @ApiPropertyOptional({ pattern: '^[a-z][a-z0-9._-]{0,62}$', description: 'The model of the program, unless given.' })
  @IsOptional()
  @Matches(/^[a-z][a-z0-9._-]{0,62}$/, { message: 'must be the name of a model' })
  model?: string;

  @ApiProperty({ example: 'right-team', pattern: '^[a-z][a-z0-9-]{0,62}$' })
  @Matches(/^[a-z][a-z0-9-]{0,62}$/, { message: 'must be the name of a metric' })
  metric: string;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: VERSION_MAX,
    description: 'The newest version, unless given.',
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(VERSION_MAX)
  metricVersion?: number;

  @ApiPropertyOptional({
    type: [EvaluationExampleDto],
    minItems: 1,
    maxItems: EVALUATION_EXAMPLES_MAX,
    description: 'Either these or a `dataset`.',
  })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(EVALUATION_EXAMPLES_MAX)
  @ValidateNested({ each: true })
  @Type(() => EvaluationExampleDto)
  examples?: EvaluationExampleDto[];

  @ApiPropertyOptional({ example: 'tickets', pattern: '^[a-z0-9][a-z0-9-]{0,62}$', description: 'Its name or id.' })
  @IsOptional()
  @Matches(/^[a-z0-9][a-z0-9-]{0,62}$/, { message: 'must be the name of a dataset, or its id' })
  dataset?: string;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: VERSION_MAX,
    description: 'The newest version, unless given.',
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(VERSION_MAX)
  datasetVersion?: number;

  @ApiPropertyOptional({ enum: EXAMPLE_SPLITS, description: 'All examples of the version, unless given.' })
  @IsOptional()
  @IsIn(EXAMPLE_SPLITS)
  split?: (typeof EXAMPLE_SPLITS)[number];

  @ApiPropertyOptional({ minLength: 1, maxLength: 200 })
  @IsOptional()
  @IsString()
  @Length(1, 200)
  name?: string;

  @ApiPropertyOptional({
    minimum: 0.5,
    maximum: 0.9999,
    default: EVALUATION_LEVEL_DEFAULT,
    description: 'How sure the interval is to be.',
  })
  @IsOptional()
  @IsNumber()
  @Min(0.5)
  @Max(0.9999)
  level?: number;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    maximum: SEED_MAX,
    default: 0,
    description: 'The same seed gives the same figures.',
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(SEED_MAX)
  seed?: number;
}
