import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  EVALUATION_LEVEL_DEFAULT,
  OPTIMIZATION_LIMITS,
  OPTIMIZATION_SEED_MAX,
  OPTIMIZATION_THREADS_DEFAULT,
  VERSION_MAX,
  type OptimizerV1,
} from '@dspy-nest/contracts';
import { IsInt, IsNumber, IsObject, IsString, Length, Matches, Max, Min } from 'class-validator';
import { MayBeAbsent } from '../input/may-be-absent';

/** What is to be improved, from which examples, by which metric and by which optimiser. */
export class CreateOptimizationDto {
  @ApiProperty({ example: 'route-ticket', pattern: '^[a-z0-9][a-z0-9-]{0,62}$', description: 'Its name or id.' })
  @Matches(/^[a-z0-9][a-z0-9-]{0,62}$/, { message: 'must be the name of a program, or its id' })
  program: string;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: VERSION_MAX,
    description: 'The published version, unless given.',
  })
  @MayBeAbsent()
  @IsInt()
  @Min(1)
  @Max(VERSION_MAX)
  version?: number;

  @ApiPropertyOptional({ pattern: '^[a-z][a-z0-9._-]{0,62}$', description: 'The model of the program, unless given.' })
  @MayBeAbsent()
  @Matches(/^[a-z][a-z0-9._-]{0,62}$/, { message: 'must be the name of a model' })
  model?: string;

  @ApiProperty({ example: 'tickets', pattern: '^[a-z0-9][a-z0-9-]{0,62}$', description: 'Its name or id.' })
  @Matches(/^[a-z0-9][a-z0-9-]{0,62}$/, { message: 'must be the name of a dataset, or its id' })
  dataset: string;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: VERSION_MAX,
    description: 'The newest version, unless given.',
  })
  @MayBeAbsent()
  @IsInt()
  @Min(1)
  @Max(VERSION_MAX)
  datasetVersion?: number;

  @ApiProperty({ example: 'right-team', pattern: '^[a-z][a-z0-9-]{0,62}$' })
  @Matches(/^[a-z][a-z0-9-]{0,62}$/, { message: 'must be the name of a metric' })
  metric: string;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: VERSION_MAX,
    description: 'The newest version, unless given.',
  })
  @MayBeAbsent()
  @IsInt()
  @Min(1)
  @Max(VERSION_MAX)
  metricVersion?: number;

  @ApiProperty({
    allOf: [{ $ref: '#/components/schemas/OptimizerV1' }],
    description: 'An optimiser of DSPy and what it is told.',
    example: { name: 'BootstrapFewShotWithRandomSearch', settings: { numCandidates: 8 } },
  })
  @IsObject()
  optimizer: OptimizerV1;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    maximum: OPTIMIZATION_SEED_MAX,
    default: 0,
    description: 'Decides every draw.',
  })
  @MayBeAbsent()
  @IsInt()
  @Min(0)
  @Max(OPTIMIZATION_SEED_MAX)
  seed?: number;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: OPTIMIZATION_LIMITS.threads,
    default: OPTIMIZATION_THREADS_DEFAULT,
    description: 'Examples that are asked at once.',
  })
  @MayBeAbsent()
  @IsInt()
  @Min(1)
  @Max(OPTIMIZATION_LIMITS.threads)
  threads?: number;

  @ApiPropertyOptional({
    minimum: 0.5,
    maximum: 0.9999,
    default: EVALUATION_LEVEL_DEFAULT,
    description: 'How sure it has to be that the candidate is better.',
  })
  @MayBeAbsent()
  @IsNumber()
  @Min(0.5)
  @Max(0.9999)
  level?: number;

  @ApiPropertyOptional({ minLength: 1, maxLength: 200 })
  @MayBeAbsent()
  @IsString()
  @Length(1, 200)
  name?: string;
}
