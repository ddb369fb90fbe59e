import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsObject, IsOptional, IsString, Matches, MaxLength } from 'class-validator';

/** A new metric. */
export class CreateMetricDto {
  @ApiProperty({ example: 'right-team', pattern: '^[a-z][a-z0-9-]{0,62}$' })
  @Matches(/^[a-z][a-z0-9-]{0,62}$/, {
    message: 'must be a small letter and then at most 62 small letters, digits and "-"',
  })
  name: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    example: { kind: 'label', field: 'team' },
    description:
      'A kind with its settings: `exact`, `normalized`, `contains`, `token_f1`, `numeric`, `json`, `label`, `cost`, `latency`, or `composite` with weighted `parts`.',
  })
  @IsObject()
  definition: Record<string, unknown>;

  @ApiPropertyOptional({ maxLength: 2_000 })
  @IsOptional()
  @IsString()
  @MaxLength(2_000)
  description?: string;
}
