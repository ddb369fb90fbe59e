import { Module } from '@nestjs/common';
import { BatchesModule } from '../batches/batches.module';
import { BatchResultsHandler } from './batch-results.handler';
import { BatchResultsRepository } from './batch-results.repository';
import { BatchResultsService } from './batch-results.service';

@Module({
  imports: [BatchesModule],
  controllers: [BatchResultsHandler],
  providers: [BatchResultsService, BatchResultsRepository],
})
export class BatchResultsModule {}
