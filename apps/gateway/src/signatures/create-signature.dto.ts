import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsString, Length, Matches, MaxLength } from 'class-validator';
import { MayBeAbsent } from '../input/may-be-absent';

/** A new signature. */
export class CreateSignatureDto {
  @ApiProperty({ example: 'RouteTicket', pattern: '^[A-Z][A-Za-z0-9]{0,62}$' })
  @Matches(/^[A-Z][A-Za-z0-9]{0,62}$/, { message: 'must be a capital letter and then at most 62 letters and digits' })
  name: string;

  @ApiProperty({ example: 'ticket: string -> team: enum["billing", "shipping"]', minLength: 1, maxLength: 20_000 })
  @IsString()
  @Length(1, 20_000)
  definition: string;

  @ApiPropertyOptional({ example: 'Choose the team that should answer.', maxLength: 20_000 })
  @MayBeAbsent()
  @IsString()
  @MaxLength(20_000)
  instructions?: string;

  @ApiPropertyOptional({ maxLength: 2_000 })
  @MayBeAbsent()
  @IsString()
  @MaxLength(2_000)
  description?: string;
}
