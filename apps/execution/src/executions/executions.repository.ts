import type { PageRequest } from '@dspy-nest/contracts';
import { type ListDefinition, type ListPage, listPage } from '@dspy-nest/persistence';
import type { RequestContext } from '@dspy-nest/platform';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, LessThan, Repository } from 'typeorm';
import { ExecutionEntity } from './execution.entity';

const LIST: ListDefinition = {
  filterable: {
    id: { column: 'id', type: 'uuid' },
    program: { column: 'program', type: 'string' },
    version: { column: 'version', type: 'number' },
    signature: { column: 'signature', type: 'string' },
    status: { column: 'status', type: 'string' },
    model: { column: 'model', type: 'string' },
    lane: { column: 'lane', type: 'string' },
    worker: { column: 'worker', type: 'string' },
    createdAt: { column: 'createdAt', type: 'timestamp' },
  },
  sortable: { createdAt: 'createdAt' },
  defaultSort: '-createdAt',
  idColumn: 'id',
};

/** Reads executions. Writing is the journal's. */
@Injectable()
export class ExecutionsRepository {
  constructor(@InjectRepository(ExecutionEntity) private readonly rows: Repository<ExecutionEntity>) {}

  /** One execution of the tenant, or null. */
  find(tenant: string, id: string): Promise<ExecutionEntity | null> {
    return this.rows.findOneBy({ tenant, id });
  }

  /** A page of the tenant's executions. */
  list(ctx: RequestContext, request: PageRequest): Promise<ListPage<ExecutionEntity>> {
    const query = this.rows.createQueryBuilder('execution').where('execution.tenant = :tenant', { tenant: ctx.tenant });
    return listPage(query, request, LIST);
  }

  /** Open executions of all tenants that were last dispatched before `before`, oldest first. */
  openSince(before: Date, limit: number): Promise<ExecutionEntity[]> {
    return this.rows.find({
      where: { status: In(['queued', 'running']), dispatchedAt: LessThan(before) },
      order: { dispatchedAt: 'ASC' },
      take: limit,
    });
  }

  /**
   * Claims the next dispatch of an open execution: `epoch` is what was read. Resolves to false when another replica was first
   * or the execution has ended.
   */
  async claimDispatch(row: ExecutionEntity, epoch: number, now: Date): Promise<boolean> {
    const { affected } = await this.rows.update(
      {
        tenant: row.tenant,
        id: row.id,
        epoch: row.epoch,
        dispatchedAt: row.dispatchedAt,
        status: In(['queued', 'running']),
      },
      { epoch, dispatchedAt: now },
    );
    return affected === 1;
  }
}
