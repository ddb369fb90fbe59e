import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { JournalModule } from '../journal/journal.module';
import { BatchEntity } from './batch.entity';
import { BatchesHandler } from './batches.handler';
import { BatchesRepository } from './batches.repository';
import { BatchesResolver } from './batches.resolver';
import { BatchesService } from './batches.service';

@Module({
  imports: [TypeOrmModule.forFeature([BatchEntity]), JournalModule],
  controllers: [BatchesHandler],
  providers: [BatchesService, BatchesRepository, BatchesResolver],
  exports: [BatchesService, BatchesRepository],
})
export class BatchesModule {}
