import { Module } from '@nestjs/common';
import { BatchesClient } from './batches.client';

@Module({ providers: [BatchesClient], exports: [BatchesClient] })
export class BatchesModule {}
