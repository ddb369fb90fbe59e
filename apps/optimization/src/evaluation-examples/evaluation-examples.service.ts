import { REQUESTS, type EvaluationCreateV1, type ProgramVersionV1 } from '@dspy-nest/contracts';
import { RequestClient } from '@dspy-nest/messaging';
import { checkStorable, type RequestContext } from '@dspy-nest/platform';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { EvaluationEntity, EvaluationKey } from '../evaluations/evaluation.entity';
import { countFitting, fittingExample, type Evaluated } from './dataset-fit';
import { DatasetsClient } from './datasets.client';
import { EvaluationExamplesRepository } from './evaluation-examples.repository';
import { namedExamples, type NamedExample } from './named-example';

/** What an evaluation says of where its examples are from. */
type Source = Pick<EvaluationEntity, 'total' | 'datasetId' | 'dataset' | 'datasetVersion' | 'split'>;

/** Where the examples of an evaluation are from, and those that came with the request. */
export interface ChosenExamples {
  readonly source: Source;
  readonly brought: readonly NamedExample[];
}

/** Where evaluations have their examples from: the request, or a version of a dataset. */
@Injectable()
export class EvaluationExamplesService {
  constructor(
    private readonly examples: EvaluationExamplesRepository,
    private readonly datasets: DatasetsClient,
    private readonly requests: RequestClient,
  ) {}

  /** The examples that a request asks for. Throws NotEvaluableError, ValidationFailedError, and the registry's errors on the dataset. */
  async choose(ctx: RequestContext, request: EvaluationCreateV1, evaluated: Evaluated): Promise<ChosenExamples> {
    const { dataset: name, datasetVersion: version, split, examples = [] } = request;
    if (name === undefined) {
      checkStorable({ examples });
      const brought = namedExamples(examples, evaluated.definition);
      return { source: { ...NO_DATASET, total: brought.length }, brought };
    }
    const dataset = await this.datasets.get(ctx, { name, version });
    const total = countFitting(dataset, split, evaluated);
    const chosen = { datasetId: dataset.id, dataset: dataset.name, datasetVersion: dataset.version };
    return { source: { ...chosen, split: split ?? null, total }, brought: [] };
  }

  /** Keeps the examples that came with the request. */
  async keep(manager: EntityManager, key: EvaluationKey, { brought }: ChosenExamples): Promise<void> {
    await this.examples.add(manager, key, 0, brought);
  }

  /**
   * Takes over the examples of the dataset, if the evaluation has one, each in its place: done twice it changes nothing. Throws
   * NotEvaluableError for an example that is not what the program takes.
   */
  async take(ctx: RequestContext, evaluation: EvaluationEntity): Promise<void> {
    const { programId, version, datasetId, datasetVersion, split } = evaluation;
    if (datasetId === null || datasetVersion === null) return;
    const asked = { name: programId, version };
    const { signature } = await this.requests.request<ProgramVersionV1>(ctx, REQUESTS.programResolve, asked);
    const of = { name: datasetId, version: datasetVersion, ...(split !== null && { split }) };
    let first = 0;
    for await (const page of this.datasets.pages(ctx, of)) {
      const fitting = page.map((example) => fittingExample(signature, example));
      await this.examples.addAlone(evaluation, first, fitting);
      first += page.length;
    }
  }
}

const NO_DATASET = { datasetId: null, dataset: null, datasetVersion: null, split: null };
