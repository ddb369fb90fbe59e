import {
  ROW_ERRORS_MAX,
  type DatasetImportAbortV1,
  type DatasetImportAppendV1,
  type DatasetImportCloseV1,
  type DatasetImportCreateV1,
  type DatasetV1,
  type ExamplesAppendedV1,
} from '@dspy-nest/contracts';
import { expectVersion, type RequestContext } from '@dspy-nest/platform';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { CreationsService } from '../creations/creations.service';
import { toDataset, type DatasetEntity } from '../datasets/dataset.entity';
import { InvalidExamplesError } from '../datasets/datasets.errors';
import { DatasetsRepository } from '../datasets/datasets.repository';
import { DatasetsService, refuseTooMany, strataOf, strataWith } from '../datasets/datasets.service';
import { addToHash } from '../datasets/example-content';
import { addToCounts, readRows, type Intake } from '../datasets/example-intake';
import type { DatasetImportEntity } from './dataset-import.entity';
import { ImportLostError } from './dataset-imports.errors';
import { DatasetImportsRepository, type ImportKey } from './dataset-imports.repository';

/** Files that come into a dataset piece by piece and are one version of it in the end, or nothing. */
@Injectable()
export class DatasetImportsService {
  constructor(
    private readonly imports: DatasetImportsRepository,
    private readonly datasets: DatasetsRepository,
    private readonly versions: DatasetsService,
    private readonly creations: CreationsService,
    private readonly dataSource: DataSource,
  ) {}

  /** Begins an import. Throws DatasetNotFoundError, VersionConflictError, ImportInProgressError. */
  async create(ctx: RequestContext, request: DatasetImportCreateV1): Promise<DatasetV1> {
    const { id, name, onInvalid = 'refuse', dryRun = false } = request;
    return this.dataSource.transaction(async (manager) => {
      const dataset = await this.versions.lockIdle(ctx, manager, name);
      expectVersion(`Dataset "${name}"`, dataset, request.ifMatch);
      const { tenant, id: datasetId, lastNumber } = dataset;
      const { examples, hash } = dataset.current;
      const none = { received: 0, invalid: 0, errors: [], receivedAt: new Date() };
      const options = { onInvalid, dryRun };
      const strata = dataset.splits.stratifyBy === undefined ? null : strataOf(dataset.current);
      const row = { tenant, id, datasetId, options, lastNumber, examples, strata, hash, ...none };
      await this.imports.insert(manager, row);
      return toDataset(dataset, dataset.current);
    });
  }

  /** Takes rows; those that came already are not taken again. Throws ImportLostError, ValidationFailedError. */
  async append(
    ctx: RequestContext,
    { id, first, rows, columns }: DatasetImportAppendV1,
  ): Promise<{ received: number }> {
    return this.holding({ tenant: ctx.tenant, id }, async (manager, dataset, held) => {
      if (first + rows.length <= held.received) return { received: held.received };
      if (first !== held.received) throw new ImportLostError(`Row ${held.received} of the file has not come.`);
      const intake = readRows(dataset, rows, { first, columns });
      const taken = await this.take(manager, dataset, { held, intake });
      const invalid = held.invalid + intake.invalid;
      const errors = [...held.errors, ...intake.errors].slice(0, ROW_ERRORS_MAX);
      const received = first + rows.length;
      await this.imports.update(manager, { ...taken, received, invalid, errors, receivedAt: new Date() });
      return { received };
    });
  }

  /**
   * Makes the version, if anything is new, once for a key. Throws ImportLostError, InvalidExamplesError when bad rows refuse all,
   * IdempotencyKeyReusedError; then nothing was added.
   */
  async close(ctx: RequestContext, { id, rows, digest }: DatasetImportCloseV1): Promise<ExamplesAppendedV1> {
    const key = { tenant: ctx.tenant, id };
    const begun = await this.imports.find(this.dataSource.manager, key);
    if (begun === null) throw lost();
    const request = { datasetId: begun.datasetId, digest, ...begun.options };
    const answer = await this.creations.once(ctx, { entity: 'dataset-version', request }, async (manager) => {
      const { dataset, held } = await this.hold(manager, key);
      if (rows !== held.received) throw new ImportLostError(`Of ${rows} rows of the file ${held.received} have come.`);
      if (held.options.onInvalid === 'refuse' && held.invalid > 0) {
        throw new InvalidExamplesError(dataset.name, held.invalid, held.errors);
      }
      return this.settle(ctx, manager, { dataset, held });
    });
    // What an earlier request with the key made stands; this one brought the same again.
    await this.abort(ctx, { id });
    return answer;
  }

  /** Drops what came. One that is over already stays as it is. */
  async abort({ tenant }: RequestContext, { id }: DatasetImportAbortV1): Promise<object> {
    await this.giveUp({ tenant, id });
    return {};
  }

  /** Drops imports that no rows came for since a moment. */
  async giveUpAbandoned(since: Date): Promise<void> {
    for (const key of await this.imports.abandoned(since)) await this.giveUp(key, since);
  }

  private async giveUp(key: ImportKey, since?: Date): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const found = await this.find(manager, key);
      const isAlive = since !== undefined && found !== null && found.held.receivedAt >= since;
      if (found !== null && !isAlive) await this.imports.drop(manager, found.held);
    });
  }

  /** Writes the examples of some rows, unless a bad row has refused all already. */
  private async take(
    manager: EntityManager,
    dataset: DatasetEntity,
    { held, intake }: { held: DatasetImportEntity; intake: Intake },
  ): Promise<DatasetImportEntity> {
    if (held.options.onInvalid === 'refuse' && held.invalid + intake.invalid > 0) return held;
    const { lastNumber } = held;
    refuseTooMany(dataset.name, held.examples.total + intake.examples.length);
    const strata = strataWith(dataset, held.strata ?? [], intake);
    const added = await this.datasets.addExamples(manager, { ...dataset, lastNumber }, intake.examples);
    return {
      ...held,
      lastNumber: lastNumber + intake.examples.length,
      examples: addToCounts(held.examples, added),
      strata,
      hash: addToHash(held.hash, added),
    };
  }

  private async settle(
    ctx: RequestContext,
    manager: EntityManager,
    { dataset, held }: Held,
  ): Promise<ExamplesAppendedV1> {
    const { received, invalid, errors, examples, hash, lastNumber } = held;
    const added = examples.total - dataset.current.examples.total;
    const report = { received, added, duplicates: received - invalid - added, invalid, errors };
    const isNew = added > 0 && !held.options.dryRun;
    if (!isNew) await this.imports.drop(manager, held);
    else await this.imports.remove(manager, held);
    const stands = isNew
      ? await this.versions.addVersion(ctx, manager, dataset, { lastNumber, examples, hash })
      : dataset;
    return { ...toDataset(stands, stands.current), report };
  }

  private async holding<T>(
    key: ImportKey,
    work: (manager: EntityManager, dataset: DatasetEntity, held: DatasetImportEntity) => Promise<T>,
  ): Promise<T> {
    return this.dataSource.transaction(async (manager) => {
      const { dataset, held } = await this.hold(manager, key);
      return work(manager, dataset, held);
    });
  }

  private async hold(manager: EntityManager, key: ImportKey): Promise<Held> {
    const found = await this.find(manager, key);
    if (found === null) throw lost();
    return found;
  }

  /** An import with its dataset, which is held as for any change of it. */
  private async find(manager: EntityManager, key: ImportKey): Promise<Held | null> {
    const seen = await this.imports.find(manager, key);
    if (seen === null) return null;
    const dataset = await this.datasets.lock(manager, { tenant: key.tenant, id: seen.datasetId });
    const held = await this.imports.find(manager, key);
    return dataset === null || held === null ? null : { dataset, held };
  }
}

interface Held {
  readonly dataset: DatasetEntity;
  readonly held: DatasetImportEntity;
}

function lost(): ImportLostError {
  return new ImportLostError('The import is over, was given up because no rows came, or its dataset was deleted.');
}
