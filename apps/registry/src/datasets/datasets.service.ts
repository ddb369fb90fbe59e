import {
  DATASET_ROWS_MAX,
  DATASET_SPLITS_DEFAULT,
  PAGE_LIMIT_DEFAULT,
  type DatasetCreateV1,
  type DatasetDeleteV1,
  type DatasetRefV1,
  type DatasetV1,
  type ExamplesAppendedV1,
  type ExamplesAppendV1,
  type ExamplesListV1,
  type ExamplesPreviewedV1,
  type ExamplesPreviewV1,
  type ExamplesV1,
  type PageRequest,
} from '@dspy-nest/contracts';
import type { ListPage, VerbOf } from '@dspy-nest/persistence';
import {
  checkStorable,
  ValidationFailedError,
  type RequestContext,
  NameConflictError,
  expectVersion,
} from '@dspy-nest/platform';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { CreationsService } from '../creations/creations.service';
import { DatasetStrataService } from '../dataset-strata/dataset-strata.service';
import { refuseUnstratifiable, stratumOf, withStrata } from '../dataset-strata/strata';
import { RegistryOutbox } from '../outbox/registry-outbox';
import { toSpec } from '../signatures/signature.entity';
import { SignaturesService } from '../signatures/signatures.service';
import { toDataset, type DatasetEntity, type DatasetVersionEntity, type VersionContent } from './dataset.entity';
import { DatasetNotFoundError, ImportInProgressError, InvalidExamplesError } from './datasets.errors';
import { DatasetsRepository } from './datasets.repository';
import { addToHash, EMPTY_HASH } from './example-content';
import { addToCounts, previewRow, readRows, type Intake } from './example-intake';

const NO_EXAMPLES = { total: 0, train: 0, validation: 0, test: 0 };

/** Datasets, their immutable versions and the examples in them. */
@Injectable()
export class DatasetsService {
  constructor(
    private readonly datasets: DatasetsRepository,
    private readonly outbox: RegistryOutbox,
    private readonly creations: CreationsService,
    private readonly signatures: SignaturesService,
    private readonly strata: DatasetStrataService,
  ) {}

  /**
   * Makes version 1, without examples, once for a key. Throws NameConflictError, SignatureNotFoundError, ValidationFailedError when
   * it cannot be stratified as asked, IdempotencyKeyReusedError.
   */
  async create(ctx: RequestContext, request: DatasetCreateV1): Promise<DatasetV1> {
    const { name, description = null, splits = DATASET_SPLITS_DEFAULT } = request;
    checkStorable({ description });
    return this.creations.once(ctx, { entity: 'dataset', request }, async (manager, id) => {
      const pinned = { name: request.signature, version: request.signatureVersion };
      const signature = toSpec(await this.signatures.pin(ctx, manager, pinned));
      refuseUnstratifiable(signature, splits);
      const [{ tenant }, version, createdAt] = [ctx, 1, new Date()];
      const row = { tenant, id, name, version, description, signature, splits, lastNumber: 0, createdAt };
      if (!(await this.datasets.insert(manager, { ...row, updatedAt: createdAt }))) {
        throw new NameConflictError(`The dataset name "${name}" is taken. Choose another, or add to that dataset.`);
      }
      const content = { examples: NO_EXAMPLES, hash: EMPTY_HASH };
      const first = {
        tenant,
        datasetId: id,
        version,
        ...content,
        strata: splits.stratifyBy === undefined ? null : [],
        createdAt,
      };
      await this.datasets.insertVersion(manager, first);
      await this.record(ctx, manager, 'created', row);
      return toDataset({ ...row, updatedAt: createdAt }, first);
    });
  }

  /**
   * Adds the examples that are not there yet, once for a key; a version is made if there are any. Throws DatasetNotFoundError,
   * VersionConflictError, ImportInProgressError, InvalidExamplesError, ValidationFailedError, IdempotencyKeyReusedError.
   */
  async append(ctx: RequestContext, request: ExamplesAppendV1): Promise<ExamplesAppendedV1> {
    const { name, rows, onInvalid = 'refuse' } = request;
    if (request.dryRun) return this.reckon(ctx, request);
    return this.creations.once(ctx, { entity: 'dataset-version', request }, async (manager) => {
      const dataset = await this.lockIdle(ctx, manager, name);
      expectVersion(`Dataset "${name}"`, dataset, request.ifMatch);
      const intake = readRows(dataset, rows);
      if (onInvalid === 'refuse' && intake.invalid > 0) {
        throw new InvalidExamplesError(name, intake.invalid, intake.errors);
      }
      const { examples, hash } = dataset.current;
      refuseTooMany(name, examples.total + intake.examples.length);
      strataWith(dataset, strataOf(dataset.current), intake);
      const added = await this.datasets.addExamples(manager, dataset, intake.examples);
      const lastNumber = dataset.lastNumber + intake.examples.length;
      const content = { lastNumber, examples: addToCounts(examples, added), hash: addToHash(hash, added) };
      const grown = added.length === 0 ? dataset : await this.addVersion(ctx, manager, dataset, content);
      return { ...toDataset(grown, grown.current), report: reportOf(intake, rows.length, added.length) };
    });
  }

  /** A dataset that examples may be added to, held until the transaction ends. Throws DatasetNotFoundError, ImportInProgressError. */
  async lockIdle(ctx: RequestContext, manager: EntityManager, name: string): Promise<DatasetEntity> {
    const dataset = await this.lock(ctx, manager, name);
    if (await this.datasets.isImporting(manager, dataset)) throw new ImportInProgressError(name);
    return dataset;
  }

  /** Throws DatasetNotFoundError, VersionConflictError. */
  async delete(ctx: RequestContext, { name, ifMatch }: DatasetDeleteV1): Promise<DatasetV1> {
    return this.outbox.transaction(ctx, async (manager) => {
      const dataset = await this.lock(ctx, manager, name);
      expectVersion(`Dataset "${name}"`, dataset, ifMatch);
      await this.datasets.delete(manager, dataset);
      await this.record(ctx, manager, 'deleted', dataset);
      return toDataset(dataset, dataset.current);
    });
  }

  /** One version, or the newest. Throws DatasetNotFoundError. */
  async get(ctx: RequestContext, { name, version }: DatasetRefV1): Promise<DatasetV1> {
    const dataset = await this.find(ctx, name);
    if (version === undefined || version === dataset.version) return toDataset(dataset, dataset.current);
    const found = await this.datasets.findVersion(dataset, version);
    if (found === null) throw new DatasetNotFoundError(name, version);
    return toDataset(dataset, found);
  }

  /** The newest version of each. */
  async list(ctx: RequestContext, request: PageRequest): Promise<ListPage<DatasetV1>> {
    const page = await this.datasets.list(ctx.tenant, request);
    return { ...page, items: page.items.map((dataset) => toDataset(dataset, dataset.current)) };
  }

  /** All versions of one. Throws DatasetNotFoundError. */
  async versions(
    ctx: RequestContext,
    { name, ...request }: PageRequest & { name: string },
  ): Promise<ListPage<DatasetV1>> {
    const dataset = await this.find(ctx, name);
    const page = await this.datasets.listVersions(dataset, request);
    return { ...page, items: page.items.map((version) => toDataset(dataset, version)) };
  }

  /** A page of the examples of one version, or the newest. Throws DatasetNotFoundError. */
  async examples(ctx: RequestContext, request: ExamplesListV1): Promise<ExamplesV1> {
    const { id, version } = await this.get(ctx, { name: request.name, version: request.version });
    const { limit = PAGE_LIMIT_DEFAULT } = request;
    const found = await this.datasets.examples({ tenant: ctx.tenant, id }, { ...request, limit, version });
    const items = found.slice(0, limit);
    return { items, nextAfter: found.length > limit ? items.at(-1)!.number : null };
  }

  /** Rows as the examples they would be. Throws DatasetNotFoundError. */
  async preview(ctx: RequestContext, { name, rows }: ExamplesPreviewV1): Promise<ExamplesPreviewedV1> {
    const dataset = await this.find(ctx, name);
    return { items: rows.map((row, index) => previewRow(dataset, row, index)) };
  }

  /** What an append would come to, but for examples that the dataset has already. */
  private async reckon(ctx: RequestContext, { name, rows }: ExamplesAppendV1): Promise<ExamplesAppendedV1> {
    const dataset = await this.find(ctx, name);
    const intake = readRows(dataset, rows);
    strataWith(dataset, strataOf(dataset.current), intake);
    return {
      ...toDataset(dataset, dataset.current),
      report: reportOf(intake, rows.length, rows.length - intake.invalid - intake.duplicates),
    };
  }

  /** Writes the version after the newest of a dataset that is held, whose examples have numbers up to `lastNumber`. */
  async addVersion(
    ctx: RequestContext,
    manager: EntityManager,
    dataset: DatasetEntity,
    { lastNumber, ...whole }: Omit<VersionContent, 'strata'> & { lastNumber: number },
  ): Promise<DatasetEntity> {
    const [version, createdAt] = [dataset.version + 1, new Date()];
    const { tenant, datasetId } = dataset.current;
    const { stratifyBy: field } = dataset.splits;
    const content =
      field === undefined
        ? { ...whole, strata: null }
        : await this.strata.divide(manager, dataset, { field, lastNumber });
    const current = { tenant, datasetId, version, createdAt, ...content };
    const grown = {
      ...dataset,
      version,
      lastNumber,
      updatedAt: createdAt,
      current: { ...dataset.current, ...current },
    };
    await this.datasets.insertVersion(manager, current);
    await this.datasets.setVersion(manager, grown);
    await this.record(ctx, manager, 'updated', grown);
    return grown;
  }

  private async find({ tenant }: RequestContext, name: string): Promise<DatasetEntity> {
    const dataset = await this.datasets.find(tenant, name);
    if (dataset === null) throw new DatasetNotFoundError(name);
    return dataset;
  }

  private async lock({ tenant }: RequestContext, manager: EntityManager, name: string): Promise<DatasetEntity> {
    const dataset = await this.datasets.lock(manager, { tenant, name });
    if (dataset === null) throw new DatasetNotFoundError(name);
    return dataset;
  }

  private record(
    ctx: RequestContext,
    manager: EntityManager,
    verb: VerbOf<'registry', 'dataset'>,
    { id, name, version }: Pick<DatasetEntity, 'id' | 'name' | 'version'>,
  ): Promise<void> {
    return this.outbox.record(manager, ctx, { entity: 'dataset', verb, id, name, version });
  }
}

function reportOf({ invalid, errors }: Intake, received: number, added: number): ExamplesAppendedV1['report'] {
  return { received, added, duplicates: received - invalid - added, invalid, errors };
}

/** Throws ValidationFailedError when a dataset would have more examples than it may. */
export function refuseTooMany(name: string, total: number): void {
  if (total <= DATASET_ROWS_MAX) return;
  const message = `Dataset "${name}" would have more than ${DATASET_ROWS_MAX} examples, the most there can be. Make another.`;
  throw new ValidationFailedError(message, [{ pointer: '/examples', code: 'too_many_examples', message }]);
}

/** The strata that a version has. */
export function strataOf({ strata }: Pick<DatasetVersionEntity, 'strata'>): string[] {
  return (strata ?? []).map(({ value }) => JSON.stringify(value));
}

/** The strata of a dataset with those of rows that come, null if it is not stratified. Throws ValidationFailedError for too many. */
export function strataWith(
  { splits }: Pick<DatasetEntity, 'splits'>,
  known: readonly string[],
  { examples }: Intake,
): string[] | null {
  const { stratifyBy: field } = splits;
  if (field === undefined) return null;
  const more = examples.map(({ outputs }) => stratumOf(outputs, field));
  return withStrata(known, more, field);
}
