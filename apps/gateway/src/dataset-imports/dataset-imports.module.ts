import { Module } from '@nestjs/common';
import { DatasetImportsClient } from './dataset-imports.client';
import { DatasetImportsController } from './dataset-imports.controller';
import { DatasetImports } from './dataset-imports.service';

@Module({ controllers: [DatasetImportsController], providers: [DatasetImports, DatasetImportsClient] })
export class DatasetImportsModule {}
