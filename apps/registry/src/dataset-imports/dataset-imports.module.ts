import { Module } from '@nestjs/common';
import { CreationsModule } from '../creations/creations.module';
import { DatasetsModule } from '../datasets/datasets.module';
import { AbandonedImports } from './abandoned-imports';
import { DatasetImportsHandler } from './dataset-imports.handler';
import { DatasetImportsRepository } from './dataset-imports.repository';
import { DatasetImportsService } from './dataset-imports.service';

@Module({
  imports: [CreationsModule, DatasetsModule],
  controllers: [DatasetImportsHandler],
  providers: [DatasetImportsService, DatasetImportsRepository, AbandonedImports],
})
export class DatasetImportsModule {}
