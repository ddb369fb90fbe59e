import { cloudEvent } from '@dspy-nest/platform';
import { eventSubject, publicEventType, type PageRequest } from '@dspy-nest/contracts';
import { enqueueEvent, listPage, type ListPage } from '@dspy-nest/persistence';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { EVALUATION_LIST } from './evaluation-list';
import { EvaluationEntity, toEvaluationChanged, type EvaluationKey } from './evaluation.entity';

const SERVICE = 'optimization';

/** What happened to an evaluation, as its public events tell. */
type EvaluationVerb = 'started' | 'progressed' | 'completed' | 'cancelled' | 'failed';

/** The table of evaluations. */
@Injectable()
export class EvaluationsRepository {
  constructor(private readonly dataSource: DataSource) {}

  async insert(manager: EntityManager, row: EvaluationEntity): Promise<void> {
    const written: object = row;
    await manager.insert(EvaluationEntity, written);
  }

  find({ tenant, id }: EvaluationKey): Promise<EvaluationEntity | null> {
    return this.dataSource.manager.findOneBy(EvaluationEntity, { tenant, id });
  }

  list(tenant: string, request: PageRequest): Promise<ListPage<EvaluationEntity>> {
    const query = this.dataSource.manager
      .createQueryBuilder(EvaluationEntity, 'evaluation')
      .where('evaluation.tenant = :tenant', { tenant });
    return listPage(query, request, EVALUATION_LIST);
  }

  /** The evaluation, which nothing else changes until the transaction ends. */
  lock(manager: EntityManager, { tenant, id }: EvaluationKey): Promise<EvaluationEntity | null> {
    return manager.findOne(EvaluationEntity, { where: { tenant, id }, lock: { mode: 'pessimistic_write' } });
  }

  /** Writes what changed, and the event that tells of it, into the transaction that holds the evaluation. */
  async change(
    manager: EntityManager,
    row: EvaluationEntity,
    change: Partial<EvaluationEntity>,
    verb?: EvaluationVerb,
  ): Promise<EvaluationEntity> {
    const written: object = change;
    await manager.update(EvaluationEntity, { tenant: row.tenant, id: row.id }, written);
    const changed = Object.assign(row, change);
    if (verb !== undefined) await this.tell(manager, changed, verb);
    return changed;
  }

  private async tell(manager: EntityManager, row: EvaluationEntity, verb: EvaluationVerb): Promise<void> {
    const of = { service: SERVICE, entity: 'evaluation', verb };
    const event = cloudEvent(row, {
      id: `${row.id}:${verb}:${row.answered}:${row.ended}`,
      source: SERVICE,
      type: publicEventType(of),
      subject: row.id,
      data: toEvaluationChanged(row),
    });
    await enqueueEvent(manager, SERVICE, eventSubject(row.tenant, SERVICE, of.entity, verb), event);
  }
}
