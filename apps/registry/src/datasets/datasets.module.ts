import { Module } from '@nestjs/common';
import { CreationsModule } from '../creations/creations.module';
import { DatasetStrataModule } from '../dataset-strata/dataset-strata.module';
import { OutboxModule } from '../outbox/outbox.module';
import { SignaturesModule } from '../signatures/signatures.module';
import { DatasetsHandler } from './datasets.handler';
import { DatasetsRepository } from './datasets.repository';
import { DatasetsResolver } from './datasets.resolver';
import { DatasetsService } from './datasets.service';

@Module({
  imports: [OutboxModule, CreationsModule, SignaturesModule, DatasetStrataModule],
  controllers: [DatasetsHandler],
  providers: [DatasetsService, DatasetsRepository, DatasetsResolver],
  exports: [DatasetsService, DatasetsRepository],
})
export class DatasetsModule {}
