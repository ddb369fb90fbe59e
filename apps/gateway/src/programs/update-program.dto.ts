import { OmitType, PartialType } from '@nestjs/swagger';
import { CreateProgramDto } from './create-program.dto';

/** What is given makes a new version. */
export class UpdateProgramDto extends PartialType(OmitType(CreateProgramDto, ['name'])) {}
