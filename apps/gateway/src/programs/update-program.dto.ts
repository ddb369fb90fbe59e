import { ApiPropertyOptional, OmitType, PartialType } from '@nestjs/swagger';
import { Equals, ValidateIf } from 'class-validator';
import { CreateProgramDto } from './create-program.dto';

/** What is given makes a new version. */
export class UpdateProgramDto extends PartialType(OmitType(CreateProgramDto, ['name']), { skipNullProperties: false }) {
  @ApiPropertyOptional({
    type: 'null',
    description: 'null leaves behind what the program has learned. A state is imported at `/state`.',
  })
  @ValidateIf((_body, given) => given !== undefined)
  @Equals(null, { message: 'can only be null; import a state with POST /v1/programs/{name}/state' })
  state?: null;
}
