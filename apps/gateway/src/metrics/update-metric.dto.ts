import { OmitType, PartialType } from '@nestjs/swagger';
import { CreateMetricDto } from './create-metric.dto';

/** What is given makes a new version. */
export class UpdateMetricDto extends PartialType(OmitType(CreateMetricDto, ['name'])) {}
