import type { PageRequest } from '@dspy-nest/contracts';
import { listPage, type ListDefinition, type ListPage } from '@dspy-nest/persistence';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, type SelectQueryBuilder } from 'typeorm';
import { MetricEntity, MetricVersionEntity } from './metric.entity';

const LIST: ListDefinition = {
  filterable: {
    id: { column: 'm.id', type: 'uuid' },
    name: { column: 'm.name', type: 'string' },
    version: { column: 'm.version', type: 'number' },
    kind: { column: 'v.kind', type: 'string' },
    description: { column: 'v.description', type: 'string', nullable: true },
    createdAt: { column: 'm.createdAt', type: 'timestamp' },
  },
  sortable: { createdAt: 'm.createdAt', name: 'm.name', version: 'm.version' },
  defaultSort: '-createdAt',
  idColumn: 'm.id',
};

/** The versions of one metric have what metrics have, each of its own. */
const VERSIONS: ListDefinition = {
  filterable: {
    ...LIST.filterable,
    id: { column: 'v.metricId', type: 'uuid' },
    name: { column: 'v.name', type: 'string' },
    version: { column: 'v.version', type: 'number' },
    createdAt: { column: 'v.createdAt', type: 'timestamp' },
  },
  sortable: { version: 'v.version', createdAt: 'v.createdAt' },
  defaultSort: '-version',
  idColumn: 'v.version',
};

/** Reads and writes metrics and their versions. */
@Injectable()
export class MetricsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** False when the name is taken. */
  async insert(manager: EntityManager, row: Omit<MetricEntity, 'current'>): Promise<boolean> {
    const result = await manager
      .createQueryBuilder()
      .insert()
      .into(MetricEntity)
      .values(row)
      .orIgnore()
      .returning('id')
      .execute();
    return (result.raw as unknown[]).length > 0;
  }

  async insertVersion(manager: EntityManager, row: MetricVersionEntity): Promise<void> {
    await manager.insert(MetricVersionEntity, row);
  }

  async setVersion(manager: EntityManager, { tenant, id, version, updatedAt }: MetricEntity): Promise<void> {
    await manager.update(MetricEntity, { tenant, id }, { version, updatedAt });
  }

  /** The metric with its newest version, held until the transaction ends. */
  async lock(manager: EntityManager, tenant: string, name: string): Promise<MetricEntity | null> {
    const row = await manager.findOne(MetricEntity, { where: { tenant, name }, lock: { mode: 'pessimistic_write' } });
    if (row === null) return null;
    // A second query, since a join in the locking one could still show the version before a change it waited for.
    const { id: metricId, version } = row;
    row.current = await manager.findOneByOrFail(MetricVersionEntity, { tenant, metricId, version });
    return row;
  }

  async find(tenant: string, name: string): Promise<MetricEntity | null> {
    return this.whole(tenant).andWhere('m.name = :name', { name }).getOne();
  }

  async findMany(tenant: string, ids: readonly string[]): Promise<MetricEntity[]> {
    return this.whole(tenant).andWhere('m.id = ANY(:ids)', { ids }).getMany();
  }

  async findVersion(tenant: string, metricId: string, version: number): Promise<MetricVersionEntity | null> {
    return this.dataSource.manager.findOneBy(MetricVersionEntity, { tenant, metricId, version });
  }

  async list(tenant: string, request: PageRequest): Promise<ListPage<MetricEntity>> {
    return listPage(this.whole(tenant), request, LIST);
  }

  async listVersions(tenant: string, metricId: string, request: PageRequest): Promise<ListPage<MetricVersionEntity>> {
    const query = this.dataSource.manager
      .createQueryBuilder(MetricVersionEntity, 'v')
      .where('v.tenant = :tenant AND v.metricId = :metricId', { tenant, metricId });
    return listPage(query, request, VERSIONS);
  }

  private whole(tenant: string): SelectQueryBuilder<MetricEntity> {
    return this.dataSource.manager
      .createQueryBuilder(MetricEntity, 'm')
      .innerJoinAndSelect('m.current', 'v')
      .where('m.tenant = :tenant', { tenant });
  }
}
