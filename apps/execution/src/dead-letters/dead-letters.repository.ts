import type { PageRequest } from '@dspy-nest/contracts';
import { type ListDefinition, type ListPage, listPage } from '@dspy-nest/persistence';
import type { RequestContext } from '@dspy-nest/platform';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, Repository } from 'typeorm';
import { DeadLetterEntity } from './dead-letter.entity';

const LIST: ListDefinition = {
  filterable: {
    id: { column: 'id', type: 'uuid' },
    executionId: { column: 'executionId', type: 'uuid', nullable: true },
    program: { column: 'program', type: 'string', nullable: true },
    subject: { column: 'subject', type: 'string' },
    code: { column: 'code', type: 'string' },
    message: { column: 'message', type: 'string' },
    attempts: { column: 'attempts', type: 'number' },
    worker: { column: 'worker', type: 'string', nullable: true },
    createdAt: { column: 'createdAt', type: 'timestamp' },
    replayedAs: { column: 'replayedAs', type: 'uuid', nullable: true },
    replayedAt: { column: 'replayedAt', type: 'timestamp', nullable: true },
  },
  sortable: { createdAt: 'createdAt', code: 'code', attempts: 'attempts' },
  defaultSort: '-createdAt',
  idColumn: 'id',
};

/** The table of dead letters. */
@Injectable()
export class DeadLettersRepository {
  constructor(@InjectRepository(DeadLetterEntity) private readonly rows: Repository<DeadLetterEntity>) {}

  /** One dead letter of the tenant, or null. */
  find(tenant: string, id: string): Promise<DeadLetterEntity | null> {
    return this.rows.findOneBy({ tenant, id });
  }

  /** A page of the tenant's dead letters. */
  list(ctx: RequestContext, request: PageRequest): Promise<ListPage<DeadLetterEntity>> {
    const query = this.rows.createQueryBuilder('letter').where('letter.tenant = :tenant', { tenant: ctx.tenant });
    return listPage(query, request, LIST);
  }

  /** Writes a dead letter; resolves to whether it was new. */
  async add(row: DeadLetterEntity): Promise<boolean> {
    const insert = this.rows.createQueryBuilder().insert().values(row).orIgnore().returning('id');
    const written = (await insert.execute()).raw as unknown[];
    return written.length === 1;
  }

  /** Marks a dead letter that was not replayed; resolves to whether this was the first to do so. */
  async claimReplay({ tenant, id }: DeadLetterEntity, executionId: string, now: Date): Promise<boolean> {
    const { affected } = await this.rows.update(
      { tenant, id, replayedAs: IsNull() },
      { replayedAs: executionId, replayedAt: now },
    );
    return affected === 1;
  }

  /** Takes the mark of a replay back, unless its execution was made all the same. */
  async releaseReplay({ tenant, id }: DeadLetterEntity, executionId: string): Promise<void> {
    await this.rows
      .createQueryBuilder()
      .update()
      .set({ replayedAs: null, replayedAt: null })
      .where({ tenant, id, replayedAs: executionId })
      .andWhere('NOT EXISTS (SELECT 1 FROM execution.executions WHERE tenant = :tenant AND id = :executionId)')
      .setParameters({ tenant, executionId })
      .execute();
  }
}
