import { Module } from '@nestjs/common';
import { DatasetComparisonsClient } from './dataset-comparisons.client';
import { DatasetComparisonsController } from './dataset-comparisons.controller';

@Module({ controllers: [DatasetComparisonsController], providers: [DatasetComparisonsClient] })
export class DatasetComparisonsModule {}
