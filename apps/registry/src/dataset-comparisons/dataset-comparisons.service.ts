import { setImmediate as rest } from 'node:timers/promises';
import {
  COMPARISON_ITEMS_MAX,
  LEAKAGE_MAX_EXAMPLES,
  SIMILARITY_DEFAULT,
  type DatasetDiffRequestV1,
  type DatasetDiffV1,
  type DatasetLeakageRequestV1,
  type DatasetLeakageV1,
  type DatasetV1,
  type ExampleCounts,
} from '@dspy-nest/contracts';
import { ValidationFailedError, type RequestContext } from '@dspy-nest/platform';
import { Injectable } from '@nestjs/common';
import { DatasetsService } from '../datasets/datasets.service';
import { DatasetComparisonsRepository } from './dataset-comparisons.repository';
import { NearDuplicates } from './near-duplicates';

const PAGE_ROWS = 500;

/** Compares versions of a dataset with each other, and the splits of one. */
@Injectable()
export class DatasetComparisonsService {
  constructor(
    private readonly datasets: DatasetsService,
    private readonly comparisons: DatasetComparisonsRepository,
  ) {}

  /** What a version has that an earlier one has not. Throws DatasetNotFoundError, ValidationFailedError. */
  async diff(ctx: RequestContext, { name, from, to }: DatasetDiffRequestV1): Promise<DatasetDiffV1> {
    if (from > to) throw turned(from, to);
    const [earlier, later] = await Promise.all([from, to].map((version) => this.datasets.get(ctx, { name, version })));
    const key = { tenant: ctx.tenant, id: later!.id };
    const answeredAnew = await this.comparisons.answeredAnew(key, from, to);
    const items = await this.comparisons.added(key, { from, to }, COMPARISON_ITEMS_MAX);
    const added = difference(later!.examples, earlier!.examples);
    return { name: later!.name, from, to, identical: added.total === 0, added, answeredAnew, items };
  }

  /** Examples that are nearly the same as one in another split. Throws DatasetNotFoundError. */
  async leakage(ctx: RequestContext, request: DatasetLeakageRequestV1): Promise<DatasetLeakageV1> {
    const { similarity = SIMILARITY_DEFAULT } = request;
    const dataset = await this.datasets.get(ctx, { name: request.name, version: request.version });
    const { name, version } = dataset;
    const key = { tenant: ctx.tenant, id: dataset.id };
    const { found, checked } = await this.look(key, dataset);
    const { examples, pairs } = await found.find(similarity, COMPARISON_ITEMS_MAX, () => rest());
    const known = await this.comparisons.byNumber(
      key,
      pairs.flatMap(({ numbers }) => numbers),
    );
    const items = pairs.map((pair) => ({
      similarity: pair.similarity,
      examples: pair.numbers.map((number) => known.get(number)!),
    }));
    return { name, version, similarity, total: dataset.examples.total, checked, examples, items };
  }

  private async look(
    key: { tenant: string; id: string },
    { version, examples }: DatasetV1,
  ): Promise<{ found: NearDuplicates; checked: number }> {
    const wanted = Math.min(examples.total, LEAKAGE_MAX_EXAMPLES);
    const found = new NearDuplicates(wanted);
    let [checked, after] = [0, ''];
    while (checked < wanted) {
      const page = await this.comparisons.sample(key, { version, after, limit: Math.min(PAGE_ROWS, wanted - checked) });
      if (page.length === 0) break;
      for (const { number, split, inputs } of page) found.add(number, split, inputs);
      checked += page.length;
      after = page.at(-1)!.id;
    }
    return { found, checked };
  }
}

function difference(more: ExampleCounts, less: ExampleCounts): ExampleCounts {
  const of = (count: keyof ExampleCounts): number => more[count] - less[count];
  return { total: of('total'), train: of('train'), validation: of('validation'), test: of('test') };
}

function turned(from: number, to: number): ValidationFailedError {
  const message = `Version ${from} is later than ${to}. Name the earlier one in "from": a later version has all of it.`;
  return new ValidationFailedError(message, [{ pointer: '/from', code: 'later_than_to', message }]);
}
