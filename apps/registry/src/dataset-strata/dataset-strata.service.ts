import type { ExampleSplit, StratumCounts } from '@dspy-nest/contracts';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { DatasetEntity, VersionContent } from '../datasets/dataset.entity';
import { addToHash } from '../datasets/example-content';
import { addToCounts } from '../datasets/example-intake';
import { DatasetStrataRepository, type Boundaries } from './dataset-strata.repository';
import { addToStrata, allot, type SplitCounts } from './strata';

const PAGE_NUMBERS = 5_000;
const NONE: SplitCounts = { train: 0, validation: 0, test: 0 };

/**
 * Divides the examples of a stratified dataset once all of a version have come. Those of a stratum stand in the order of a hash of
 * seed and inputs: the first are for test, the next for validation, the rest for train. However many there are, pages of them and
 * the counts of the strata are all that is held in memory.
 */
@Injectable()
export class DatasetStrataService {
  constructor(private readonly strata: DatasetStrataRepository) {}

  /** What the version after the newest has, of a dataset that is held, when its examples have numbers up to `lastNumber`. */
  async divide(
    manager: EntityManager,
    dataset: DatasetEntity,
    { field, lastNumber }: { field: string; lastNumber: number },
  ): Promise<VersionContent> {
    const boundaries = await this.boundaries(manager, dataset, field);
    let { examples, hash, strata }: VersionContent = dataset.current;
    for (let above = dataset.lastNumber; above < lastNumber; above += PAGE_NUMBERS) {
      const page = { above, upTo: Math.min(lastNumber, above + PAGE_NUMBERS) };
      await this.strata.divide(manager, dataset, page, boundaries);
      const read = await this.strata.read(manager, dataset, { ...page, field });
      examples = addToCounts(examples, read);
      hash = addToHash(hash, read);
      strata = addToStrata(
        strata ?? [],
        read.map((example) => ({ ...example, count: 1 })),
      );
    }
    return { examples, hash, strata };
  }

  private async boundaries(manager: EntityManager, dataset: DatasetEntity, field: string): Promise<Boundaries[]> {
    const tally = await this.strata.tally(manager, dataset, { above: dataset.lastNumber, field });
    const divided = tally.filter((one): one is typeof one & { split: ExampleSplit } => one.split !== null);
    const counts = countsByStratum(addToStrata(dataset.current.strata ?? [], divided));
    const boundaries: Boundaries[] = [];
    for (const { stratum, split, count: arrived } of tally) {
      if (split !== null) continue;
      const { test, validation } = allot(dataset.splits, { stratum, counts: counts.get(stratum) ?? NONE, arrived });
      const pointAt = (place: number) => this.strata.pointAt(manager, dataset, { stratum, place });
      boundaries.push({ stratum, test: await pointAt(test), validation: await pointAt(test + validation) });
    }
    return boundaries;
  }
}

function countsByStratum(strata: readonly StratumCounts[]): Map<string, StratumCounts> {
  return new Map(strata.map((counts) => [JSON.stringify(counts.value), counts]));
}
