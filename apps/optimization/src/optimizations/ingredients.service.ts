import {
  CALL_LIMITS_DEFAULT,
  REQUESTS,
  RETRIES_DEFAULT,
  type ModelV1,
  type OptimizationCreateV1,
  type OptimizationV1,
  type ProgramVersionV1,
} from '@dspy-nest/contracts';
import { RequestClient } from '@dspy-nest/messaging';
import type { RequestContext } from '@dspy-nest/platform';
import { Injectable } from '@nestjs/common';
import { DatasetsClient } from '../evaluation-examples/datasets.client';
import { EvaluatedService } from '../evaluations/evaluated.service';
import { refuseUnoptimizable } from './optimizable';
import type { OptimizationEntity } from './optimization.entity';

const DEFAULT_MODEL = 'default';

/** What an optimisation is about. */
export type Ingredients = Pick<
  OptimizationEntity,
  | ('programId' | 'program' | 'version' | 'programHash')
  | ('datasetId' | 'dataset' | 'datasetVersion')
  | ('metricId' | 'metric' | 'metricVersion' | 'definition')
  | ('modelId' | 'model' | 'modelVersion')
  | ('format' | 'limits' | 'maxRetries' | 'examples')
>;

/** Finds what an optimisation is to be about. */
@Injectable()
export class IngredientsService {
  constructor(
    private readonly evaluated: EvaluatedService,
    private readonly datasets: DatasetsClient,
    private readonly requests: RequestClient,
  ) {}

  /**
   * Program, dataset, metric and model in the versions of now. Throws MetricNotFoundError, NotEvaluableError,
   * NotOptimizableError, and the registry's errors.
   */
  async pin(ctx: RequestContext, request: OptimizationCreateV1): Promise<Ingredients> {
    const { program, metric, definition } = await this.evaluated.find(ctx, request);
    const dataset = await this.datasets.get(ctx, { name: request.dataset, version: request.datasetVersion });
    const model = await this.requests.request<ModelV1>(ctx, REQUESTS.modelGet, {
      name: request.model ?? program.model ?? DEFAULT_MODEL,
    });
    refuseUnoptimizable(dataset, { signature: program.signature, definition });
    const { train, validation, test } = dataset.examples;
    return {
      programId: program.programId,
      program: program.name,
      version: program.version,
      programHash: program.hash,
      datasetId: dataset.id,
      dataset: dataset.name,
      datasetVersion: dataset.version,
      metricId: metric.id,
      metric: metric.name,
      metricVersion: metric.version,
      definition,
      modelId: model.id,
      model: model.name,
      modelVersion: model.version,
      format: formatFor(program, model),
      limits: { ...CALL_LIMITS_DEFAULT, ...program.config.limits },
      maxRetries: program.config.maxRetries ?? RETRIES_DEFAULT,
      examples: { train, validation, test },
    };
  }
}

function formatFor(program: ProgramVersionV1, model: ModelV1): OptimizationV1['format'] {
  const format = program.format === 'auto' ? model.format : program.format;
  return format === 'auto' ? 'chat' : format;
}
