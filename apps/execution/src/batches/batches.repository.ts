import {
  type BatchStatus,
  eventSubject,
  isBatchOver,
  type PageRequest,
  publicEventType,
  type WireError,
} from '@dspy-nest/contracts';
import { enqueueEvent, type ListPage, listPage, OutboxRelay } from '@dspy-nest/persistence';
import { cloudEvent, type RequestContext } from '@dspy-nest/platform';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type EntityManager, Repository } from 'typeorm';
import { BATCH_LIST } from './batch-list';
import { BatchEntity, toBatchChanged } from './batch.entity';
import { rowsEndedOf } from './batch-progress';

/** A batch by its keys. */
export type BatchKey = Pick<BatchEntity, 'tenant' | 'id'>;

/** What a move to another state writes beside it. */
interface Move {
  readonly to: BatchStatus;
  readonly from: readonly BatchStatus[];
  /** The public event that tells of it. */
  readonly verb?: 'started' | 'completed' | 'cancelled' | 'failed';
  readonly error?: WireError;
  readonly startedAt?: Date;
  readonly finishedAt?: Date;
}

/** The table of batches. */
@Injectable()
export class BatchesRepository {
  constructor(
    @InjectRepository(BatchEntity) private readonly rows: Repository<BatchEntity>,
    private readonly outbox: OutboxRelay,
  ) {}

  /** One batch of the tenant, or null. */
  find({ tenant, id }: BatchKey): Promise<BatchEntity | null> {
    return this.rows.findOneBy({ tenant, id });
  }

  /** A page of the tenant's batches. */
  list({ tenant }: RequestContext, request: PageRequest): Promise<ListPage<BatchEntity>> {
    const query = this.rows.createQueryBuilder('batch').where('batch.tenant = :tenant', { tenant });
    return listPage(query, request, BATCH_LIST);
  }

  /** Does work in one transaction that holds the batch, so that nothing else changes it; null when there is none. */
  holding<T>(key: BatchKey, work: (manager: EntityManager, batch: BatchEntity) => Promise<T>): Promise<T | null> {
    return this.rows.manager.transaction(async (manager) => {
      const batch = await manager.findOne(BatchEntity, {
        where: { tenant: key.tenant, id: key.id },
        lock: { mode: 'pessimistic_write' },
      });
      return batch === null ? null : work(manager, batch);
    });
  }

  /** Moves a batch to another state, with its event in the same transaction; resolves to null when it is in no state to leave. */
  async move(key: BatchKey, move: Move): Promise<BatchEntity | null> {
    const moved = await this.holding(key, (manager, batch) => this.moveWithin(manager, batch, move));
    this.outbox.wake();
    return moved;
  }

  /** The same in the transaction that holds the batch; {@link announce} after its commit. */
  async moveWithin(
    manager: EntityManager,
    batch: BatchEntity,
    { to, from, verb, ...change }: Move,
  ): Promise<BatchEntity | null> {
    if (!from.includes(batch.status)) return null;
    const written: object = { status: to, ...change };
    await manager.update(BatchEntity, { tenant: batch.tenant, id: batch.id }, written);
    const moved = Object.assign(batch, { status: to, ...change });
    if (verb !== undefined) await this.enqueue(manager, moved, verb, verb);
    return moved;
  }

  /** Tells how far a batch is if more than `told` of its rows have ended; resolves to how many have. */
  async tellProgress(key: BatchKey, told: number): Promise<number> {
    const ended = await this.holding(key, async (manager, batch) => {
      const now = rowsEndedOf(batch);
      // The event of its end tells what is over.
      if (now > told && !isBatchOver(batch.status))
        await this.enqueue(manager, batch, 'progressed', `progressed:${now}`);
      return now;
    });
    this.outbox.wake();
    return ended ?? told;
  }

  /** Has events published that were just committed. */
  announce(): void {
    this.outbox.wake();
  }

  private async enqueue(manager: EntityManager, batch: BatchEntity, verb: string, move: string): Promise<void> {
    const of = { service: 'execution', entity: 'batch', verb };
    const event = cloudEvent(batch, {
      id: `${batch.id}:${move}`,
      source: of.service,
      type: publicEventType(of),
      subject: batch.id,
      data: toBatchChanged(batch),
    });
    await enqueueEvent(manager, 'execution', eventSubject(batch.tenant, of.service, of.entity, verb), event);
  }
}
