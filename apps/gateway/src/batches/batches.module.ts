import { Module } from '@nestjs/common';
import { BatchesClient } from './batches.client';
import { BatchesController } from './batches.controller';

@Module({ controllers: [BatchesController], providers: [BatchesClient], exports: [BatchesClient] })
export class BatchesModule {}
