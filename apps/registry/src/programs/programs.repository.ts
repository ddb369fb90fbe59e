import type { PageRequest } from '@dspy-nest/contracts';
import { listPage, listPages, type ListDefinition, type ListPage } from '@dspy-nest/persistence';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, type ObjectLiteral, type SelectQueryBuilder } from 'typeorm';
import { ProgramEntity, ProgramVersionEntity } from './program.entity';

const LIST: ListDefinition = {
  filterable: {
    id: { column: 'p.id', type: 'uuid' },
    name: { column: 'p.name', type: 'string' },
    version: { column: 'p.version', type: 'number' },
    description: { column: 'v.description', type: 'string', nullable: true },
    signature: { column: 's.name', type: 'string' },
    signatureVersion: { column: 'v.signatureVersion', type: 'number' },
    module: { column: 'v.module', type: 'string' },
    model: { column: 'v.model', type: 'string', nullable: true },
    adapter: { column: 'v.adapter', type: 'string' },
    format: { column: 'v.format', type: 'string' },
    hash: { column: 'v.hash', type: 'string' },
    createdAt: { column: 'p.createdAt', type: 'timestamp' },
    updatedAt: { column: 'v.createdAt', type: 'timestamp' },
  },
  sortable: {
    createdAt: 'p.createdAt',
    updatedAt: 'v.createdAt',
    name: 'p.name',
    version: 'p.version',
    signature: 's.name',
    module: 'v.module',
  },
  defaultSort: '-createdAt',
  idColumn: 'p.id',
};

/** The versions of one program have what programs have, each of its own. */
const VERSIONS: ListDefinition = {
  filterable: { ...LIST.filterable, version: { column: 'v.version', type: 'number' } },
  sortable: { version: 'v.version', updatedAt: 'v.createdAt', signature: 's.name', module: 'v.module' },
  defaultSort: '-version',
  idColumn: 'v.version',
};

/** Reads and writes programs and their versions. */
@Injectable()
export class ProgramsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** False when the name, or what GraphQL makes of it, is taken. */
  async insert(manager: EntityManager, row: Omit<ProgramEntity, 'current'>): Promise<boolean> {
    const insert = manager.createQueryBuilder().insert().into(ProgramEntity).values(row).orIgnore().returning('id');
    const result = await insert.execute();
    return (result.raw as unknown[]).length > 0;
  }

  async insertVersion(manager: EntityManager, row: Omit<ProgramVersionEntity, 'signature' | 'program'>): Promise<void> {
    // TypeORM's own type of a row cannot spell the open JSON of `state`.
    await manager.insert<ObjectLiteral>(ProgramVersionEntity, row);
  }

  async setVersion(manager: EntityManager, { tenant, id, version, updatedAt }: ProgramEntity): Promise<void> {
    await manager.update(ProgramEntity, { tenant, id }, { version, updatedAt });
  }

  /** The highest number of a version, published or not. */
  async lastVersion(manager: EntityManager, { tenant, id }: ProgramEntity): Promise<number> {
    const last = await manager.maximum(ProgramVersionEntity, 'version', { tenant, programId: id });
    return last ?? 0;
  }

  async delete(manager: EntityManager, { tenant, id }: ProgramEntity): Promise<void> {
    await manager.delete(ProgramEntity, { tenant, id });
  }

  /** The program with its newest version, state and all, which nobody else changes before the transaction ends. */
  async lock(manager: EntityManager, tenant: string, name: string): Promise<ProgramEntity | null> {
    const row = await manager.findOne(ProgramEntity, { where: { tenant, name }, lock: { mode: 'pessimistic_write' } });
    if (row === null) return null;
    // A second query, since a join in the locking one could still show the version before a change it waited for.
    row.current = await this.versions(tenant, manager)
      .addSelect('v.state')
      .andWhere('v.programId = :id AND v.version = :version', row)
      .getOneOrFail();
    return row;
  }

  async findOwnerOfGraphqlName(
    manager: EntityManager,
    tenant: string,
    graphqlName: string,
  ): Promise<ProgramEntity | null> {
    return manager.findOneBy(ProgramEntity, { tenant, graphqlName });
  }

  async find(tenant: string, name: string): Promise<ProgramEntity | null> {
    return this.whole(tenant).andWhere('p.name = :name', { name }).getOne();
  }

  async findMany(tenant: string, ids: readonly string[]): Promise<ProgramEntity[]> {
    return this.whole(tenant).andWhere('p.id = ANY(:ids)', { ids }).getMany();
  }

  /** With its state. */
  async findVersion(tenant: string, programId: string, version: number): Promise<ProgramVersionEntity | null> {
    return this.versions(tenant)
      .addSelect('v.state')
      .andWhere('v.programId = :programId AND v.version = :version', { programId, version })
      .getOne();
  }

  async list(tenant: string, request: PageRequest): Promise<ListPage<ProgramEntity>> {
    return listPage(this.whole(tenant), request, LIST);
  }

  /** A page of the versions of each program, by its id and by one statement. */
  async listVersions(
    tenant: string,
    programIds: readonly string[],
    request: PageRequest,
  ): Promise<Map<string, ListPage<ProgramVersionEntity>>> {
    return listPages(this.versions(tenant), request, VERSIONS, { programId: { type: 'uuid', values: programIds } });
  }

  private whole(tenant: string): SelectQueryBuilder<ProgramEntity> {
    return this.dataSource.manager
      .createQueryBuilder(ProgramEntity, 'p')
      .innerJoinAndSelect('p.current', 'v')
      .innerJoinAndSelect('v.signature', 's')
      .where('p.tenant = :tenant', { tenant });
  }

  /** Without their states, unless those are asked for. */
  private versions(
    tenant: string,
    manager: EntityManager = this.dataSource.manager,
  ): SelectQueryBuilder<ProgramVersionEntity> {
    return manager
      .createQueryBuilder(ProgramVersionEntity, 'v')
      .innerJoinAndSelect('v.signature', 's')
      .innerJoinAndSelect('v.program', 'p')
      .where('v.tenant = :tenant', { tenant });
  }
}
