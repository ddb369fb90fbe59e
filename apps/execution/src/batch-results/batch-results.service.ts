import {
  BATCH_RESULTS_MAX_ROWS,
  type BatchResultsGetV1,
  type BatchResultsV1,
  type BatchResultV1,
} from '@dspy-nest/contracts';
import type { RequestContext } from '@dspy-nest/platform';
import { Injectable } from '@nestjs/common';
import { BatchNotFoundError } from '../batches/batches.errors';
import { BatchesRepository } from '../batches/batches.repository';
import { toBatchResult } from './batch-result';
import { BatchResultsRepository } from './batch-results.repository';

/** What became of the rows of a batch, in their order. */
@Injectable()
export class BatchResultsService {
  constructor(
    private readonly batches: BatchesRepository,
    private readonly results: BatchResultsRepository,
  ) {}

  /**
   * A page of results, up to the first row that has not ended: what was read is never read otherwise later. Rejects with
   * {@link BatchNotFoundError}.
   */
  async page({ tenant }: RequestContext, { id, after = -1, limit }: BatchResultsGetV1): Promise<BatchResultsV1> {
    const batch = await this.batches.find({ tenant, id });
    if (batch === null) throw new BatchNotFoundError(id);
    // Read before its rows: what ends in between is found at the next look.
    const rows = await this.results.rows(batch, after, limit ?? BATCH_RESULTS_MAX_ROWS);
    const items: BatchResultV1[] = [];
    for (const row of rows) {
      // Rows arrive in order, but may have come more than once and in pieces.
      const result = row.index === after + 1 + items.length ? toBatchResult(row, batch.status) : undefined;
      if (result === undefined) break;
      items.push(result);
    }
    const last = items.at(-1)?.index ?? after;
    const more = items.length > 0 && items.length === rows.length && last + 1 < batch.received;
    return { items, more, status: batch.status };
  }
}
