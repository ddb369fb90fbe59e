import { eventSubject, publicEventType, type PageRequest, type ProgramState } from '@dspy-nest/contracts';
import { enqueueEvent, listPage, type ListPage, type VerbOf } from '@dspy-nest/persistence';
import { cloudEvent } from '@dspy-nest/platform';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { StepJob } from '../optimization-steps/step-queue';
import { SCHEMA } from '../outbox/optimization-outbox';
import { OPTIMIZATION_LIST } from './optimization-list';
import { OptimizationEntity, toOptimizationChanged, type OptimizationKey } from './optimization.entity';

const DUE = `
  SELECT tenant, id, step FROM optimization.optimizations WHERE step IS NOT NULL ORDER BY created_at LIMIT 100`;

const JUDGED_ON = `
  SELECT count(*)::int AS count FROM optimization.optimizations
  WHERE tenant = $1 AND dataset_id = $2 AND id <> $3 AND guard IS NOT NULL AND finished_at IS NOT NULL`;

/** The table of optimisations. */
@Injectable()
export class OptimizationsRepository {
  constructor(private readonly dataSource: DataSource) {}

  async insert(manager: EntityManager, row: OptimizationEntity): Promise<void> {
    const written: object = row;
    await manager.insert(OptimizationEntity, written);
  }

  find({ tenant, id }: OptimizationKey): Promise<OptimizationEntity | null> {
    return this.dataSource.manager.findOneBy(OptimizationEntity, { tenant, id });
  }

  list(tenant: string, request: PageRequest): Promise<ListPage<OptimizationEntity>> {
    const query = this.dataSource.manager
      .createQueryBuilder(OptimizationEntity, 'optimization')
      .where('optimization.tenant = :tenant', { tenant });
    return listPage(query, request, OPTIMIZATION_LIST);
  }

  /** The optimisation, which nothing else changes until the transaction ends. */
  lock(manager: EntityManager, { tenant, id }: OptimizationKey): Promise<OptimizationEntity | null> {
    return manager.findOne(OptimizationEntity, { where: { tenant, id }, lock: { mode: 'pessimistic_write' } });
  }

  /** What the program had learned before, and what the best candidate has. */
  async states({ tenant, id }: OptimizationKey): Promise<{ parent: ProgramState | null; best: ProgramState | null }> {
    const select = { tenant: true, id: true, parentState: true, bestState: true } as const;
    const row = await this.dataSource.manager.findOne(OptimizationEntity, { select, where: { tenant, id } });
    return { parent: row?.parentState ?? null, best: row?.bestState ?? null };
  }

  /** How many others have been judged on the split test of its dataset, whose examples are in all later versions too. */
  async earlierUses({ tenant, datasetId, id }: OptimizationEntity): Promise<number> {
    const [judged] = await this.dataSource.query<{ count: number }[]>(JUDGED_ON, [tenant, datasetId, id]);
    return judged!.count;
  }

  /** The steps that are to be done next, of the oldest first. */
  due(): Promise<StepJob[]> {
    return this.dataSource.query<StepJob[]>(DUE);
  }

  /** Writes what changed, and the event that tells of it, into the transaction that holds the optimisation. */
  async change(
    manager: EntityManager,
    row: OptimizationEntity,
    change: Partial<OptimizationEntity>,
    verb?: VerbOf<typeof SCHEMA, 'optimization'>,
  ): Promise<OptimizationEntity> {
    const written: object = change;
    await manager.update(OptimizationEntity, { tenant: row.tenant, id: row.id }, written);
    const changed = Object.assign(row, change);
    if (verb !== undefined) await this.tell(manager, changed, verb);
    return changed;
  }

  private async tell(
    manager: EntityManager,
    row: OptimizationEntity,
    verb: VerbOf<typeof SCHEMA, 'optimization'>,
  ): Promise<void> {
    const event = cloudEvent(row, {
      id: `${row.id}:${verb}:${row.status}:${row.attempt}:${row.trials}:${row.publication?.requestedAt ?? ''}`,
      source: SCHEMA,
      type: publicEventType({ service: SCHEMA, entity: 'optimization', verb }),
      subject: row.id,
      data: toOptimizationChanged(row),
    });
    await enqueueEvent(manager, SCHEMA, eventSubject(row.tenant, SCHEMA, 'optimization', verb), event);
  }
}
