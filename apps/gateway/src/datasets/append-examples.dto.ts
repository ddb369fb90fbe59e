import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { EXAMPLE_SPLITS, EXAMPLES_CHUNK_MAX_ROWS, OnInvalidRow, type ExampleSplit } from '@dspy-nest/contracts';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsObject,
  IsOptional,
  ValidateNested,
} from 'class-validator';

/** One example. */
export class ExampleDto {
  @ApiProperty({ type: 'object', additionalProperties: true, example: { ticket: 'My card was charged twice' } })
  @IsObject()
  inputs: Record<string, unknown>;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    example: { team: 'billing' },
    description: 'Those that are known.',
  })
  @IsOptional()
  @IsObject()
  outputs?: Record<string, unknown>;

  @ApiPropertyOptional({ enum: EXAMPLE_SPLITS, description: 'Else by the inputs and the seed of the dataset.' })
  @IsOptional()
  @IsIn(EXAMPLE_SPLITS)
  split?: ExampleSplit;
}

/** Examples to add, and what to do with those that are not of the signature. */
export class AppendExamplesDto {
  @ApiProperty({ type: [ExampleDto], minItems: 1, maxItems: EXAMPLES_CHUNK_MAX_ROWS })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(EXAMPLES_CHUNK_MAX_ROWS)
  @ValidateNested({ each: true })
  @Type(() => ExampleDto)
  examples: ExampleDto[];

  @ApiPropertyOptional({
    enum: OnInvalidRow.options,
    default: 'refuse',
    description: 'Whether one bad row refuses all, or is left out and told.',
  })
  @IsOptional()
  @IsIn(OnInvalidRow.options)
  onInvalid?: OnInvalidRow;

  @ApiPropertyOptional({ default: false, description: 'Only tells what would become of the rows.' })
  @IsOptional()
  @IsBoolean()
  dryRun?: boolean;
}
