import { OmitType, PartialType } from '@nestjs/swagger';
import { CreateModelDto } from './create-model.dto';

/** What is given replaces what was. */
export class UpdateModelDto extends PartialType(OmitType(CreateModelDto, ['name']), { skipNullProperties: false }) {}
