import { IdempotencyKeyPurge, IdempotencyKeys } from '@dspy-nest/persistence';
import type { Logger } from '@dspy-nest/platform';
import { Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { ExecutionEntity } from '../executions/execution.entity';
import { ExecutionsRepository } from '../executions/executions.repository';
import { JournalModule } from '../journal/journal.module';
import { LOGGER } from '../logger';
import { IdempotencyService } from './idempotency.service';

const keys = { provide: IdempotencyKeys, useFactory: (): IdempotencyKeys => new IdempotencyKeys('execution') };
const purge = {
  provide: IdempotencyKeyPurge,
  useFactory: (dataSource: DataSource, keys: IdempotencyKeys, logger: Logger): IdempotencyKeyPurge =>
    new IdempotencyKeyPurge(dataSource, keys, logger),
  inject: [DataSource, IdempotencyKeys, LOGGER],
};

@Module({
  imports: [TypeOrmModule.forFeature([ExecutionEntity]), JournalModule],
  providers: [keys, purge, ExecutionsRepository, IdempotencyService],
  exports: [IdempotencyKeys, IdempotencyService],
})
export class IdempotencyModule implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(private readonly purge: IdempotencyKeyPurge) {}

  onApplicationBootstrap(): void {
    this.purge.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.purge.stop();
  }
}
