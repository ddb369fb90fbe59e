import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { DATASET_SPLITS_DEFAULT, type DatasetCreateV1 } from '@dspy-nest/contracts';
import { Type } from 'class-transformer';
import {
  IsInt,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';

const SEED_MAX = 4_294_967_295;
const VERSION_MAX = 2_147_483_647;

/** How examples that name no split are divided. */
export class DatasetSplitsDto {
  @ApiProperty({ type: 'integer', minimum: 0, maximum: SEED_MAX })
  @IsInt()
  @Min(0)
  @Max(SEED_MAX)
  seed: number;

  @ApiProperty({ minimum: 0, maximum: 1, description: 'The share of validation.' })
  @IsNumber()
  @Min(0)
  @Max(1)
  validation: number;

  @ApiProperty({ minimum: 0, maximum: 1, description: 'The share of test; what is left is train.' })
  @IsNumber()
  @Min(0)
  @Max(1)
  test: number;

  @ApiPropertyOptional({
    maxLength: 200,
    description:
      'An output that is an enum, a string, a bool or an int: of its every value each split has its share, as exactly as there are ' +
      'examples.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  stratifyBy?: string;
}

/** A dataset without examples, typed by a signature. */
export class CreateDatasetDto implements DatasetCreateV1 {
  @ApiProperty({ example: 'tickets', pattern: '^[a-z][a-z0-9-]{0,62}$' })
  @Matches(/^[a-z][a-z0-9-]{0,62}$/, {
    message: 'must be a lower-case letter and then at most 62 lower-case letters, digits and "-"',
  })
  name: string;

  @ApiProperty({ example: 'RouteTicket', pattern: '^[A-Z][A-Za-z0-9]{0,62}$', description: 'The name of a signature.' })
  @Matches(/^[A-Z][A-Za-z0-9]{0,62}$/, { message: 'must be the name of a signature' })
  signature: string;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: VERSION_MAX, description: 'Else the newest.' })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(VERSION_MAX)
  signatureVersion?: number;

  @ApiPropertyOptional({ maxLength: 2_000 })
  @IsOptional()
  @IsString()
  @MaxLength(2_000)
  description?: string;

  @ApiPropertyOptional({ type: DatasetSplitsDto, default: DATASET_SPLITS_DEFAULT })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => DatasetSplitsDto)
  splits?: DatasetSplitsDto;
}
