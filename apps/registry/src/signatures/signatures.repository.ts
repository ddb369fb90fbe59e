import type { PageRequest } from '@dspy-nest/contracts';
import { listPage, listPages, type ListDefinition, type ListPage } from '@dspy-nest/persistence';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, type SelectQueryBuilder } from 'typeorm';
import { ProgramEntity, ProgramVersionEntity } from '../programs/program.entity';
import { SignatureEntity, SignatureVersionEntity } from './signature.entity';

const LIST: ListDefinition = {
  filterable: {
    id: { column: 's.id', type: 'uuid' },
    name: { column: 's.name', type: 'string' },
    version: { column: 's.version', type: 'number' },
    definition: { column: 'v.definition', type: 'string' },
    hash: { column: 'v.hash', type: 'string' },
    instructions: { column: 'v.instructions', type: 'string', nullable: true },
    description: { column: 'v.description', type: 'string', nullable: true },
    createdAt: { column: 's.createdAt', type: 'timestamp' },
  },
  sortable: { createdAt: 's.createdAt', name: 's.name', version: 's.version' },
  defaultSort: '-createdAt',
  idColumn: 's.id',
};

/** The versions of one signature have what signatures have, each of its own. */
const VERSIONS: ListDefinition = {
  filterable: {
    ...LIST.filterable,
    id: { column: 'v.signatureId', type: 'uuid' },
    name: { column: 'v.name', type: 'string' },
    version: { column: 'v.version', type: 'number' },
    createdAt: { column: 'v.createdAt', type: 'timestamp' },
  },
  sortable: { version: 'v.version', createdAt: 'v.createdAt' },
  defaultSort: '-version',
  idColumn: 'v.version',
};

/** One version of a signature by its name. */
export interface SignatureVersionRef {
  readonly name: string;
  readonly version: number;
}

/** Reads and writes signatures and their versions. */
@Injectable()
export class SignaturesRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** False when the name is taken. */
  async insert(manager: EntityManager, row: Omit<SignatureEntity, 'current'>): Promise<boolean> {
    const result = await manager
      .createQueryBuilder()
      .insert()
      .into(SignatureEntity)
      .values(row)
      .orIgnore()
      .returning('id')
      .execute();
    return (result.raw as unknown[]).length > 0;
  }

  async insertVersion(manager: EntityManager, row: SignatureVersionEntity): Promise<void> {
    await manager.insert(SignatureVersionEntity, row);
  }

  async setVersion(manager: EntityManager, { tenant, id, version, updatedAt }: SignatureEntity): Promise<void> {
    await manager.update(SignatureEntity, { tenant, id }, { version, updatedAt });
  }

  async delete(manager: EntityManager, { tenant, id }: SignatureEntity): Promise<void> {
    await manager.delete(SignatureEntity, { tenant, id });
  }

  /** The signature with its newest version, held until the transaction ends: `write` to change it, `read` to keep it from being deleted. */
  async lock(
    manager: EntityManager,
    tenant: string,
    name: string,
    mode: 'read' | 'write',
  ): Promise<SignatureEntity | null> {
    const row = await manager.findOne(SignatureEntity, {
      where: { tenant, name },
      lock: { mode: `pessimistic_${mode}` },
    });
    if (row === null) return null;
    // A second query, since a join in the locking one could still show the version before a change it waited for.
    row.current = await manager.findOneByOrFail(SignatureVersionEntity, {
      tenant,
      signatureId: row.id,
      version: row.version,
    });
    return row;
  }

  async find(tenant: string, name: string): Promise<SignatureEntity | null> {
    return this.whole(tenant).andWhere('s.name = :name', { name }).getOne();
  }

  async findMany(tenant: string, ids: readonly string[]): Promise<SignatureEntity[]> {
    return this.whole(tenant).andWhere('s.id = ANY(:ids)', { ids }).getMany();
  }

  async findVersion(
    key: Pick<SignatureVersionEntity, 'tenant' | 'signatureId' | 'version'>,
    manager = this.dataSource.manager,
  ): Promise<SignatureVersionEntity | null> {
    return manager.findOneBy(SignatureVersionEntity, key);
  }

  /** Versions by name and number; unknown ones are left out. */
  async findVersions(tenant: string, refs: readonly SignatureVersionRef[]): Promise<SignatureVersionEntity[]> {
    // No condition at all would mean everything.
    if (refs.length === 0) return [];
    return this.dataSource.manager.find(SignatureVersionEntity, {
      where: refs.map(({ name, version }) => ({ tenant, name, version })),
    });
  }

  async list(tenant: string, request: PageRequest): Promise<ListPage<SignatureEntity>> {
    return listPage(this.whole(tenant), request, LIST);
  }

  /** A page of the versions of each signature, by its id and by one statement. */
  async listVersions(
    tenant: string,
    signatureIds: readonly string[],
    request: PageRequest,
  ): Promise<Map<string, ListPage<SignatureVersionEntity>>> {
    const query = this.dataSource.manager
      .createQueryBuilder(SignatureVersionEntity, 'v')
      .where('v.tenant = :tenant', { tenant });
    return listPages(query, request, VERSIONS, { signatureId: { type: 'uuid', values: signatureIds } });
  }

  /** Names of the programs of which any version was made with the signature. */
  async programsUsing(manager: EntityManager, tenant: string, signatureId: string): Promise<string[]> {
    const rows = await manager
      .createQueryBuilder(ProgramVersionEntity, 'v')
      .innerJoin(ProgramEntity, 'p', 'p.tenant = v.tenant AND p.id = v.programId')
      .select('DISTINCT p.name', 'name')
      .where('v.tenant = :tenant AND v.signatureId = :signatureId', { tenant, signatureId })
      .orderBy('p.name')
      .getRawMany<{ name: string }>();
    return rows.map(({ name }) => name);
  }

  private whole(tenant: string): SelectQueryBuilder<SignatureEntity> {
    return this.dataSource.manager
      .createQueryBuilder(SignatureEntity, 's')
      .innerJoinAndSelect('s.current', 'v')
      .where('s.tenant = :tenant', { tenant });
  }
}
