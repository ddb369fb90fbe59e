import type { PageRequest } from '@dspy-nest/contracts';
import { listPage, type ListDefinition, type ListPage } from '@dspy-nest/persistence';
import { Injectable } from '@nestjs/common';
import { DataSource, In, type EntityManager } from 'typeorm';
import { ProgramEntity } from '../programs/program.entity';
import { ModelEntity } from './model.entity';

const price = (member: string): string => `(m.pricing ->> '${member}')::float8`;

const LIST: ListDefinition = {
  filterable: {
    id: { column: 'm.id', type: 'uuid' },
    name: { column: 'm.name', type: 'string' },
    version: { column: 'm.version', type: 'number' },
    model: { column: 'm.model', type: 'string' },
    baseUrl: { column: 'm.baseUrl', type: 'string' },
    hasApiKey: { column: '(m.sealedApiKey IS NOT NULL)', type: 'boolean' },
    format: { column: 'm.format', type: 'string' },
    inputPerMillionUsd: { column: price('inputPerMillionUsd'), type: 'number', nullable: true },
    outputPerMillionUsd: { column: price('outputPerMillionUsd'), type: 'number', nullable: true },
    createdAt: { column: 'm.createdAt', type: 'timestamp' },
    updatedAt: { column: 'm.updatedAt', type: 'timestamp' },
  },
  sortable: {
    createdAt: 'm.createdAt',
    updatedAt: 'm.updatedAt',
    name: 'm.name',
    model: 'm.model',
    format: 'm.format',
    version: 'm.version',
  },
  defaultSort: '-createdAt',
  idColumn: 'm.id',
};

/** Reads and writes models. */
@Injectable()
export class ModelsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** False when the name is taken. */
  async insert(manager: EntityManager, row: ModelEntity): Promise<boolean> {
    const result = await manager
      .createQueryBuilder()
      .insert()
      .into(ModelEntity)
      .values(row)
      .orIgnore()
      .returning('id')
      .execute();
    return (result.raw as unknown[]).length > 0;
  }

  async update(manager: EntityManager, { tenant, id, ...changes }: ModelEntity): Promise<void> {
    await manager.update(ModelEntity, { tenant, id }, changes);
  }

  async delete(manager: EntityManager, { tenant, id }: ModelEntity): Promise<void> {
    await manager.delete(ModelEntity, { tenant, id });
  }

  /** The model, held until the transaction ends: `write` to change it, `read` to keep it from being deleted. */
  async lock(
    manager: EntityManager,
    tenant: string,
    name: string,
    mode: 'read' | 'write',
  ): Promise<ModelEntity | null> {
    return manager.findOne(ModelEntity, { where: { tenant, name }, lock: { mode: `pessimistic_${mode}` } });
  }

  async find(tenant: string, name: string): Promise<ModelEntity | null> {
    return this.dataSource.manager.findOneBy(ModelEntity, { tenant, name });
  }

  async findMany(tenant: string, ids: readonly string[]): Promise<ModelEntity[]> {
    return this.dataSource.manager.findBy(ModelEntity, { tenant, id: In(ids) });
  }

  async list(tenant: string, request: PageRequest): Promise<ListPage<ModelEntity>> {
    const query = this.dataSource.manager.createQueryBuilder(ModelEntity, 'm').where('m.tenant = :tenant', { tenant });
    return listPage(query, request, LIST);
  }

  /** Names of the programs whose newest version asks for the model. */
  async programsUsing(manager: EntityManager, tenant: string, model: string): Promise<string[]> {
    const rows = await manager
      .createQueryBuilder(ProgramEntity, 'p')
      .innerJoin('p.current', 'v')
      .where(
        `p.tenant = :tenant AND (v.model = :model OR v.config::jsonb->'models' @> to_jsonb(CAST(:model AS text)))`,
        { tenant, model },
      )
      .select(['p.tenant', 'p.id', 'p.name'])
      .orderBy('p.name')
      .getMany();
    return rows.map(({ name }) => name);
  }
}
