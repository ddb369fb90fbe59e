import type { DatasetSplits, DatasetV1, ExampleCounts, StratumCounts } from '@dspy-nest/contracts';
import type { SignatureSpec } from '@dspy-nest/signature';
import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';

/** One version of a dataset: how many examples it has and the hash of them; written once, never changed. */
@Entity({ name: 'dataset_versions' })
export class DatasetVersionEntity {
  @PrimaryColumn('text') tenant: string;
  @PrimaryColumn('uuid', { name: 'dataset_id' }) datasetId: string;
  @PrimaryColumn('int') version: number;
  @Column('json') examples: ExampleCounts;
  /** Null unless the dataset is stratified. */
  @Column('json', { nullable: true }) strata: StratumCounts[] | null;
  @Column('text') hash: string;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;

  @ManyToOne(() => DatasetEntity)
  @JoinColumn([
    { name: 'tenant', referencedColumnName: 'tenant' },
    { name: 'dataset_id', referencedColumnName: 'id' },
  ])
  dataset: Relation<DatasetEntity>;
}

/** What is told of the examples of a version. */
export type VersionContent = Pick<DatasetVersionEntity, 'examples' | 'strata' | 'hash'>;

/** A dataset. It keeps the signature it was made with, so that the signature may go on to change. */
@Entity({ name: 'datasets' })
export class DatasetEntity {
  @PrimaryColumn('text') tenant: string;
  @PrimaryColumn('uuid') id: string;
  @Column('text') name: string;
  @Column('int') version: number;
  @Column('text', { nullable: true }) description: string | null;
  @Column('json') signature: SignatureSpec;
  @Column('json') splits: DatasetSplits;
  /** The highest number that an example was ever given. */
  @Column('int', { name: 'last_number' }) lastNumber: number;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt: Date;

  @ManyToOne(() => DatasetVersionEntity)
  @JoinColumn([
    { name: 'tenant', referencedColumnName: 'tenant' },
    { name: 'id', referencedColumnName: 'datasetId' },
    { name: 'version', referencedColumnName: 'version' },
  ])
  current: DatasetVersionEntity;
}

/** A dataset as callers see it in one of its versions. */
export function toDataset(
  dataset: Omit<DatasetEntity, 'current'>,
  of: Omit<DatasetVersionEntity, 'dataset'>,
): DatasetV1 {
  const { signature } = dataset;
  return {
    id: dataset.id,
    name: dataset.name,
    version: of.version,
    description: dataset.description,
    signature: signature.name,
    signatureVersion: signature.version,
    fields: { inputs: signature.inputs.map(({ name }) => name), outputs: signature.outputs.map(({ name }) => name) },
    splits: dataset.splits,
    examples: of.examples,
    strata: of.strata,
    hash: of.hash,
    createdAt: dataset.createdAt.toISOString(),
    updatedAt: of.createdAt.toISOString(),
  };
}
