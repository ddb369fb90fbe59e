import type { BatchV1, PageRequest } from '@dspy-nest/contracts';
import type { ListPage } from '@dspy-nest/persistence';
import { isUuid, type RequestContext } from '@dspy-nest/platform';
import { Injectable } from '@nestjs/common';
import { toBatch } from './batch.entity';
import { BatchFinishedError, BatchNotFoundError } from './batches.errors';
import { BatchesRepository } from './batches.repository';

/** Batches as callers read and cancel them. */
@Injectable()
export class BatchesService {
  constructor(private readonly batches: BatchesRepository) {}

  /** One batch as it stands. Rejects with {@link BatchNotFoundError}. */
  async get({ tenant }: RequestContext, id: string): Promise<BatchV1> {
    const row = isUuid(id) ? await this.batches.find({ tenant, id }) : null;
    if (row === null) throw new BatchNotFoundError(id);
    return toBatch(row, new Date());
  }

  /** A page of batches. */
  async list(ctx: RequestContext, request: PageRequest): Promise<ListPage<BatchV1>> {
    const page = await this.batches.list(ctx, request);
    const now = new Date();
    return { ...page, items: page.items.map((row) => toBatch(row, now)) };
  }

  /**
   * Has a batch run no more rows; those that run are given up, and then it is over. Rejects with {@link BatchNotFoundError} or
   * {@link BatchFinishedError}.
   */
  async cancel(ctx: RequestContext, id: string): Promise<BatchV1> {
    const { status } = await this.get(ctx, id);
    const key = { tenant: ctx.tenant, id };
    const moved = await this.batches.move(key, { to: 'cancelling', from: ['receiving', 'running'] });
    if (moved !== null) return toBatch(moved, new Date());
    throw new BatchFinishedError(id, status);
  }
}
