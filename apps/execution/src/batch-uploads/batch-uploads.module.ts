import { Module } from '@nestjs/common';
import { AdaptersModule } from '../adapters/adapters.module';
import { BatchesModule } from '../batches/batches.module';
import { IdempotencyModule } from '../idempotency/idempotency.module';
import { ProgramsModule } from '../programs/programs.module';
import { BatchUploadsHandler } from './batch-uploads.handler';
import { BatchUploadsRepository } from './batch-uploads.repository';
import { BatchUploadsResolver } from './batch-uploads.resolver';
import { BatchUploadsService } from './batch-uploads.service';

@Module({
  imports: [BatchesModule, IdempotencyModule, ProgramsModule, AdaptersModule],
  controllers: [BatchUploadsHandler],
  providers: [BatchUploadsService, BatchUploadsRepository, BatchUploadsResolver],
})
export class BatchUploadsModule {}
