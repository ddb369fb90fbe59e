import { Module } from '@nestjs/common';
import { DatasetsModule } from '../datasets/datasets.module';
import { DatasetImportsClient } from './dataset-imports.client';
import { DatasetImportsController } from './dataset-imports.controller';
import { DatasetImports } from './dataset-imports.service';

@Module({
  imports: [DatasetsModule],
  controllers: [DatasetImportsController],
  providers: [DatasetImports, DatasetImportsClient],
  exports: [DatasetImports],
})
export class DatasetImportsModule {}
