import { Module } from '@nestjs/common';
import { DatasetsClient } from './datasets.client';
import { DatasetsController } from './datasets.controller';
import { ExamplesController } from './examples.controller';

@Module({
  controllers: [DatasetsController, ExamplesController],
  providers: [DatasetsClient],
  exports: [DatasetsClient],
})
export class DatasetsModule {}
