import { REQUESTS, type ExampleV1, type OptimizationTaskV1, type ProgramVersionV1 } from '@dspy-nest/contracts';
import { RequestClient } from '@dspy-nest/messaging';
import { comparedFields, type MetricDefinition } from '@dspy-nest/metrics';
import type { RequestContext } from '@dspy-nest/platform';
import { Injectable } from '@nestjs/common';
import { fittingExample } from '../evaluation-examples/dataset-fit';
import { DatasetsClient } from '../evaluation-examples/datasets.client';
import type { OptimizationEntity, OptimizationKey } from '../optimizations/optimization.entity';
import { NotOptimizableError } from '../optimizations/optimizations.errors';
import { OptimizationExamplesRepository } from './optimization-examples.repository';

const FAULTS_SHOWN = 20;
/** What an optimiser is given. The split test is never asked for. */
const GIVEN_SPLITS = ['train', 'validation'] as const;

/** What optimisers are given of a dataset, and what not. */
@Injectable()
export class GivenExamples {
  constructor(
    private readonly datasets: DatasetsClient,
    private readonly requests: RequestClient,
    private readonly examples: OptimizationExamplesRepository,
  ) {}

  /**
   * Takes over the examples, in the types of the program: done twice it changes nothing. Throws NotOptimizableError for examples
   * that do not say what is right, NotEvaluableError for one that is not what the program takes.
   */
  async take(ctx: RequestContext, row: OptimizationEntity): Promise<void> {
    const asked = { name: row.programId, version: row.version };
    const { signature } = await this.requests.request<ProgramVersionV1>(ctx, REQUESTS.programResolve, asked);
    for (const split of GIVEN_SPLITS) {
      for await (const page of this.datasets.pages(ctx, { name: row.datasetId, version: row.datasetVersion, split })) {
        refuseIncomplete(row.definition as MetricDefinition, page);
        const fitting = page.map((example) => ({ ...example, inputs: fittingExample(signature, example).inputs }));
        await this.examples.add(row, fitting);
      }
    }
  }

  /** What was taken over. */
  async of(key: OptimizationKey): Promise<Pick<OptimizationTaskV1, 'train' | 'validation'>> {
    const [train, validation] = await Promise.all(GIVEN_SPLITS.map((split) => this.examples.ofSplit(key, split)));
    return { train: train!, validation: validation! };
  }
}

/** Throws NotOptimizableError for examples that lack what the metric compares with. */
function refuseIncomplete(metric: MetricDefinition, examples: readonly ExampleV1[]): void {
  const fields = comparedFields(metric);
  const errors = examples.flatMap(({ number, outputs }) =>
    fields
      .filter((field) => outputs[field] === undefined || outputs[field] === null)
      .map((field) => ({
        pointer: '/dataset',
        code: 'missing_output',
        message: `Example ${number} does not say which "${field}" is right.`,
      })),
  );
  if (errors.length > 0) throw new NotOptimizableError(errors.slice(0, FAULTS_SHOWN));
}
