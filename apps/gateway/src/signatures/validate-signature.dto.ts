import { PickType } from '@nestjs/swagger';
import { CreateSignatureDto } from './create-signature.dto';

/** A definition to look at without storing it. */
export class ValidateSignatureDto extends PickType(CreateSignatureDto, ['definition']) {}
