import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { OnInvalidRow } from '@dspy-nest/contracts';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsBoolean, IsIn, IsObject, IsUUID, ValidateNested } from 'class-validator';
import { MayBeAbsent } from '../input/may-be-absent';

const CORRECTIONS_MAX = 1_000;

/** What an execution should have answered. */
export class CorrectionDto {
  @ApiProperty({ format: 'uuid', description: 'The id of the execution.' })
  @IsUUID()
  execution: string;

  @ApiProperty({ type: 'object', additionalProperties: true, example: { team: 'billing' } })
  @IsObject()
  outputs: Record<string, unknown>;
}

/** Executions that become examples. */
export class ImportExecutionsDto {
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    example: { program: { eq: 'route-ticket' }, status: { eq: 'succeeded' } },
    description: 'As lists of executions take it; `score` and `corrected` choose by their feedback.',
  })
  @IsObject()
  filter: Record<string, unknown>;

  @ApiPropertyOptional({ type: [CorrectionDto], maxItems: CORRECTIONS_MAX })
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(CORRECTIONS_MAX)
  @ValidateNested({ each: true })
  @Type(() => CorrectionDto)
  corrections?: CorrectionDto[];

  @ApiPropertyOptional({ enum: OnInvalidRow.options, default: 'refuse' })
  @MayBeAbsent()
  @IsIn(OnInvalidRow.options)
  onInvalid?: OnInvalidRow;

  @ApiPropertyOptional({ default: false, description: 'Only tells what would become of them.' })
  @MayBeAbsent()
  @IsBoolean()
  dryRun?: boolean;
}
