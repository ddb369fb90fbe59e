import { PAGE_LIMIT_DEFAULT, type ExamplesListV1, type ExampleV1, type PageRequest } from '@dspy-nest/contracts';
import { listPage, type ListDefinition, type ListPage } from '@dspy-nest/persistence';
import { isUuid } from '@dspy-nest/platform';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { DatasetEntity, DatasetVersionEntity } from './dataset.entity';
import type { ExampleContent } from './example-content';

const LIST: ListDefinition = {
  filterable: {
    id: { column: 'd.id', type: 'uuid' },
    name: { column: 'd.name', type: 'string' },
    version: { column: 'd.version', type: 'number' },
    description: { column: 'd.description', type: 'string', nullable: true },
    signature: { column: `(d.signature ->> 'name')`, type: 'string' },
    createdAt: { column: 'd.createdAt', type: 'timestamp' },
    updatedAt: { column: 'd.updatedAt', type: 'timestamp' },
  },
  sortable: { createdAt: 'd.createdAt', updatedAt: 'd.updatedAt', name: 'd.name', version: 'd.version' },
  defaultSort: '-createdAt',
  idColumn: 'd.id',
};

const VERSIONS: ListDefinition = {
  filterable: {
    version: { column: 'v.version', type: 'number' },
    hash: { column: 'v.hash', type: 'string' },
    updatedAt: { column: 'v.createdAt', type: 'timestamp' },
  },
  sortable: { version: 'v.version', updatedAt: 'v.createdAt' },
  defaultSort: '-version',
  idColumn: 'v.version',
};

// In a stratified dataset the same inputs go where they are already.
const INSERT = `
  INSERT INTO registry.dataset_examples
    (tenant, dataset_id, number, hash, split, added_in, inputs, outputs, point, stratum)
  SELECT $1, $2, given.number, decode(given.hash, 'hex'), coalesce(given.split, same.split), $3, inputs, outputs,
    decode(given.point, 'hex'), coalesce(same.stratum, given.stratum)
  FROM json_to_recordset($4::json)
    AS given(number int, hash text, split text, inputs json, outputs json, point text, stratum text)
  LEFT JOIN LATERAL (
    SELECT e.split, e.stratum FROM registry.dataset_examples AS e
    WHERE e.tenant = $1 AND e.dataset_id = $2 AND e.point = decode(given.point, 'hex')
    ORDER BY (e.split IS NULL), e.number LIMIT 1
  ) AS same ON true
  ON CONFLICT (tenant, dataset_id, hash) DO NOTHING
  RETURNING number`;

const IMPORTING = 'SELECT 1 FROM registry.dataset_imports WHERE tenant = $1 AND dataset_id = $2';

const READ = `
  SELECT encode(hash, 'hex') AS id, number, added_in AS "addedIn", split, inputs, outputs
  FROM registry.dataset_examples
  WHERE tenant = $1 AND dataset_id = $2 AND added_in <= $3 AND number > $4 AND ($5::text IS NULL OR split = $5)
  ORDER BY number LIMIT $6`;

/** Names one dataset of a tenant. */
type DatasetKey = Pick<DatasetEntity, 'tenant' | 'id'>;

/** Reads and writes datasets, their versions and examples. */
@Injectable()
export class DatasetsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** False when the name is taken. */
  async insert(manager: EntityManager, row: Omit<DatasetEntity, 'current'>): Promise<boolean> {
    const result = await manager
      .createQueryBuilder()
      .insert()
      .into(DatasetEntity)
      .values(row)
      .orIgnore()
      .returning('id')
      .execute();
    return (result.raw as unknown[]).length > 0;
  }

  async insertVersion(manager: EntityManager, row: Omit<DatasetVersionEntity, 'dataset'>): Promise<void> {
    await manager.insert(DatasetVersionEntity, row);
  }

  async setVersion(manager: EntityManager, { tenant, id, ...changes }: DatasetEntity): Promise<void> {
    const { version, lastNumber, updatedAt } = changes;
    await manager.update(DatasetEntity, { tenant, id }, { version, lastNumber, updatedAt });
  }

  async delete(manager: EntityManager, { tenant, id }: DatasetKey): Promise<void> {
    await manager.delete(DatasetEntity, { tenant, id });
  }

  /** Writes the examples that are not there yet for the next version, numbered after the last; resolves to those written. */
  async addExamples(
    manager: EntityManager,
    { tenant, id, version, lastNumber }: DatasetKey & Pick<DatasetEntity, 'version' | 'lastNumber'>,
    examples: readonly ExampleContent[],
  ): Promise<ExampleContent[]> {
    const numbered = examples.map((example, index) => ({ ...example, number: lastNumber + index + 1 }));
    const given = [tenant, id, version + 1, JSON.stringify(numbered)];
    const rows = await manager.query<{ number: number }[]>(INSERT, given);
    const written = new Set(rows.map(({ number }) => number));
    return numbered.filter(({ number }) => written.has(number));
  }

  /** Whether a file is on its way into a dataset. */
  async isImporting(manager: EntityManager, { tenant, id }: DatasetKey): Promise<boolean> {
    const found = await manager.query<unknown[]>(IMPORTING, [tenant, id]);
    return found.length > 0;
  }

  /** The dataset with its newest version, held until the transaction ends. */
  async lock(
    manager: EntityManager,
    where: Pick<DatasetEntity, 'tenant' | 'name'> | DatasetKey,
  ): Promise<DatasetEntity | null> {
    const row = await manager.findOne(DatasetEntity, { where, lock: { mode: 'pessimistic_write' } });
    if (row === null) return null;
    // A second query, since a join in the locking one could still show the version before a change it waited for.
    row.current = (await this.findVersion(row, row.version, manager))!;
    return row;
  }

  async find(tenant: string, nameOrId: string): Promise<DatasetEntity | null> {
    return this.dataSource.manager.findOne(DatasetEntity, {
      where: isUuid(nameOrId) ? { tenant, id: nameOrId } : { tenant, name: nameOrId },
      relations: { current: true },
    });
  }

  async findVersion(
    { tenant, id: datasetId }: DatasetKey,
    version: number,
    manager: EntityManager = this.dataSource.manager,
  ): Promise<DatasetVersionEntity | null> {
    return manager.findOneBy(DatasetVersionEntity, { tenant, datasetId, version });
  }

  async list(tenant: string, request: PageRequest): Promise<ListPage<DatasetEntity>> {
    const query = this.dataSource.manager
      .createQueryBuilder(DatasetEntity, 'd')
      .innerJoinAndSelect('d.current', 'v')
      .where('d.tenant = :tenant', { tenant });
    return listPage(query, request, LIST);
  }

  async listVersions({ tenant, id }: DatasetKey, request: PageRequest): Promise<ListPage<DatasetVersionEntity>> {
    const query = this.dataSource.manager
      .createQueryBuilder(DatasetVersionEntity, 'v')
      .where('v.tenant = :tenant AND v.datasetId = :id', { tenant, id });
    return listPage(query, request, VERSIONS);
  }

  /** One more example than asked for, if there is one. */
  async examples(
    { tenant, id }: DatasetKey,
    { version, split, after = 0, limit = PAGE_LIMIT_DEFAULT }: ExamplesListV1 & { version: number },
  ): Promise<ExampleV1[]> {
    return this.dataSource.query<ExampleV1[]>(READ, [tenant, id, version, after, split ?? null, limit + 1]);
  }
}
