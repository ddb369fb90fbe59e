import type { ExampleCounts, OnInvalidRow, RowError } from '@dspy-nest/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What is to become of the rows of a file. */
export interface ImportOptions {
  readonly onInvalid: OnInvalidRow;
  readonly dryRun: boolean;
}

/**
 * A file on its way into a dataset. Its examples are written as those of the version after the newest, which nobody sees until
 * that version is there.
 */
@Entity({ name: 'dataset_imports' })
export class DatasetImportEntity {
  @PrimaryColumn('text') tenant: string;
  @PrimaryColumn('uuid') id: string;
  @Column('uuid', { name: 'dataset_id' }) datasetId: string;
  @Column('json') options: ImportOptions;
  @Column('int') received: number;
  @Column('int') invalid: number;
  /** The first of them. */
  @Column('json') errors: RowError[];
  /** The highest number that was given to an example. */
  @Column('int', { name: 'last_number' }) lastNumber: number;
  /** What the version has so far, with what was there before. */
  @Column('json') examples: ExampleCounts;
  /** The strata that it has so far, if the dataset is stratified. */
  @Column('json', { nullable: true }) strata: string[] | null;
  @Column('text') hash: string;
  /** When rows came last. */
  @Column('timestamptz', { name: 'received_at' }) receivedAt: Date;
}
