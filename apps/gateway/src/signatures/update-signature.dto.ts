import { OmitType, PartialType } from '@nestjs/swagger';
import { CreateSignatureDto } from './create-signature.dto';

/** What is given makes a new version. */
export class UpdateSignatureDto extends PartialType(OmitType(CreateSignatureDto, ['name']), {
  skipNullProperties: false,
}) {}
