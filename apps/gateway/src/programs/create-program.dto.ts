import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { AdapterName, FormatName, ModuleName, type ProgramCreateV1 } from '@dspy-nest/contracts';
import { Type } from 'class-transformer';
import {
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

/** Settings of the model calls of a program; what is absent is left to the model. */
export class ProgramConfigDto {
  @ApiPropertyOptional({ minimum: 0, maximum: 2 })
  @IsOptional()
  @IsNumber()
  @Min(0)
  @Max(2)
  temperature?: number;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 1_000_000 })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  maxTokens?: number;

  @ApiPropertyOptional({ minimum: 0, maximum: 1 })
  @IsOptional()
  @IsNumber()
  @Min(0)
  @Max(1)
  topP?: number;
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
    description: 'The name of a signature, or a definition, which then takes the name of the program in PascalCase.',
  })
  @IsString()
  @Length(1, 20_000)
  signature: string;

  @ApiPropertyOptional({ maxLength: 2_000 })
  @IsOptional()
  @IsString()
  @MaxLength(2_000)
  description?: string;

  @ApiPropertyOptional({ enum: ModuleName.options, default: 'Predict' })
  @IsOptional()
  @IsIn(ModuleName.options)
  module?: ProgramCreateV1['module'];

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    description: 'The name of a model; null for the default model.',
  })
  @IsOptional()
  @Matches(/^[a-z][a-z0-9._-]{0,62}$/, { message: 'must be the name of a model' })
  model?: string | null;

  @ApiPropertyOptional({ enum: AdapterName.options, default: 'auto', description: 'Where the program runs.' })
  @IsOptional()
  @IsIn(AdapterName.options)
  adapter?: ProgramCreateV1['adapter'];

  @ApiPropertyOptional({ enum: FormatName.options, default: 'auto', description: 'How the model is asked.' })
  @IsOptional()
  @IsIn(FormatName.options)
  format?: ProgramCreateV1['format'];

  @ApiPropertyOptional({ type: ProgramConfigDto })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => ProgramConfigDto)
  config?: ProgramConfigDto;
}
