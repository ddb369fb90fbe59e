import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, Repository } from 'typeorm';
import { BatchEntity } from '../batches/batch.entity';
import { BatchesRepository } from '../batches/batches.repository';
import { ExecutionEntity } from '../executions/execution.entity';
import { Journal } from '../journal/journal';
import type { PendingRow } from './batch-execution';

/** Bytes of inputs that are handed over together; a row may be of a megabyte. */
const TOGETHER_MAX_BYTES = 4 * 1_048_576;

const PENDING = `
  SELECT index, execution_id, inputs, coercions FROM (
    SELECT index, execution_id, inputs, coercions,
      sum(octet_length(inputs::text)) OVER (ORDER BY index) - octet_length(inputs::text) AS before
    FROM (
      SELECT index, execution_id, inputs, coercions FROM execution.batch_rows
      WHERE tenant = $1 AND batch_id = $2 AND index >= $3 AND inputs IS NOT NULL
      ORDER BY index LIMIT $4
    ) AS next
  ) AS measured
  WHERE before < ${TOGETHER_MAX_BYTES} ORDER BY index`;

/** What was handed over is with its execution from then on. */
const FORGET = `
  UPDATE execution.batch_rows SET inputs = NULL, coercions = NULL
  WHERE tenant = $1 AND batch_id = $2 AND index BETWEEN $3 AND $4 AND inputs IS NOT NULL`;

/** The rows of batches on their way to executions. */
@Injectable()
export class BatchRowsRepository {
  constructor(
    @InjectRepository(ExecutionEntity) private readonly executions: Repository<ExecutionEntity>,
    private readonly batches: BatchesRepository,
    private readonly journal: Journal,
  ) {}

  /** The next rows that are to be handed over, at most `limit` and 4 MiB. */
  pending({ tenant, id, nextIndex }: BatchEntity, limit: number): Promise<PendingRow[]> {
    return this.executions.query<PendingRow[]>(PENDING, [tenant, id, nextIndex, limit]);
  }

  /**
   * Commits the executions of the next rows, in the order of these. Resolves to false, having done nothing, when the batch is not
   * what it was when they were read: it was cancelled, or another replica has moved it on.
   */
  async handOver(batch: BatchEntity, executions: readonly ExecutionEntity[]): Promise<boolean> {
    const last = executions.at(-1)?.batchIndex ?? batch.nextIndex;
    const committed = await this.batches.holding(batch, async (manager, held) => {
      if (held.status !== 'running' || held.nextIndex !== batch.nextIndex) return false;
      const { tenant, id, nextIndex, dispatched } = held;
      await this.journal.acceptWithin(manager, ...executions);
      await manager.query(FORGET, [tenant, id, nextIndex, last]);
      const moved = { nextIndex: last + 1, dispatched: dispatched + executions.length };
      await manager.update(BatchEntity, { tenant, id }, moved);
      return true;
    });
    return committed === true;
  }

  /** Executions of a batch that have not ended. */
  open({ tenant, id }: BatchEntity, limit: number): Promise<ExecutionEntity[]> {
    return this.executions.find({
      where: { tenant, batchId: id, status: In(['queued', 'running']) },
      order: { batchIndex: 'ASC' },
      take: limit,
    });
  }
}
