import { Module } from '@nestjs/common';
import { DatasetsModule } from '../datasets/datasets.module';
import { DatasetComparisonsHandler } from './dataset-comparisons.handler';
import { DatasetComparisonsRepository } from './dataset-comparisons.repository';
import { DatasetComparisonsService } from './dataset-comparisons.service';

@Module({
  imports: [DatasetsModule],
  controllers: [DatasetComparisonsHandler],
  providers: [DatasetComparisonsService, DatasetComparisonsRepository],
})
export class DatasetComparisonsModule {}
