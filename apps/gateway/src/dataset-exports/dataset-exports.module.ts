import { Module } from '@nestjs/common';
import { DatasetsModule } from '../datasets/datasets.module';
import { DatasetExportsController } from './dataset-exports.controller';

@Module({ imports: [DatasetsModule], controllers: [DatasetExportsController] })
export class DatasetExportsModule {}
