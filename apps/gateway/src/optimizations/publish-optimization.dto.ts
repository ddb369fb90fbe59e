import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsObject, IsOptional, IsString, Length, ValidateNested } from 'class-validator';

/** Why a candidate is to be published although it is not shown to be better. */
export class PublishOverrideDto {
  @ApiProperty({ minLength: 1, maxLength: 2_000 })
  @IsString()
  @Length(1, 2_000)
  reason: string;
}

/** How a candidate is to be published. */
export class PublishOptimizationDto {
  @ApiPropertyOptional({
    type: PublishOverrideDto,
    description: 'Publishes what is not shown to be better; the reason is recorded.',
  })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => PublishOverrideDto)
  override?: PublishOverrideDto;
}
