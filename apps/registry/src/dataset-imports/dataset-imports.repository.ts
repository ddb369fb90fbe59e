import { Injectable } from '@nestjs/common';
import { DataSource, LessThan, type EntityManager } from 'typeorm';
import { DatasetImportEntity } from './dataset-import.entity';

// Numbers above the last of the dataset belong to the import alone, so that only its own rows are looked at.
const DROP = `
  DELETE FROM registry.dataset_examples AS e USING registry.datasets AS d
  WHERE d.tenant = $1 AND d.id = $2 AND e.tenant = d.tenant AND e.dataset_id = d.id
    AND e.number > d.last_number AND e.added_in > d.version`;

/** Names one import of a tenant. */
export type ImportKey = Pick<DatasetImportEntity, 'tenant' | 'id'>;

/** Reads and writes imports. */
@Injectable()
export class DatasetImportsRepository {
  constructor(private readonly dataSource: DataSource) {}

  async insert(manager: EntityManager, row: DatasetImportEntity): Promise<void> {
    await manager.insert(DatasetImportEntity, row);
  }

  async update(manager: EntityManager, { tenant, id, ...changes }: DatasetImportEntity): Promise<void> {
    await manager.update(DatasetImportEntity, { tenant, id }, changes);
  }

  async find(manager: EntityManager, { tenant, id }: ImportKey): Promise<DatasetImportEntity | null> {
    return manager.findOneBy(DatasetImportEntity, { tenant, id });
  }

  /** Ends an import; its examples stay. */
  async remove(manager: EntityManager, { tenant, id }: ImportKey): Promise<void> {
    await manager.delete(DatasetImportEntity, { tenant, id });
  }

  /** Ends an import, and drops the examples that it brought. */
  async drop(manager: EntityManager, { tenant, id, datasetId }: DatasetImportEntity): Promise<void> {
    await manager.query(DROP, [tenant, datasetId]);
    await this.remove(manager, { tenant, id });
  }

  /** Those that no rows came for since a moment, of all tenants. */
  async abandoned(since: Date): Promise<ImportKey[]> {
    return this.dataSource.manager.find(DatasetImportEntity, {
      select: { tenant: true, id: true },
      where: { receivedAt: LessThan(since) },
    });
  }
}
