import { Module } from '@nestjs/common';
import { DatasetStrataRepository } from './dataset-strata.repository';
import { DatasetStrataService } from './dataset-strata.service';

@Module({ providers: [DatasetStrataService, DatasetStrataRepository], exports: [DatasetStrataService] })
export class DatasetStrataModule {}
