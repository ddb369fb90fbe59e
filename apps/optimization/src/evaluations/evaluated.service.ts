import { REQUESTS, type EvaluationCreateV1, type MetricV1, type ProgramVersionV1 } from '@dspy-nest/contracts';
import type { MetricDefinition } from '@dspy-nest/metrics';
import { RequestClient } from '@dspy-nest/messaging';
import type { RequestContext } from '@dspy-nest/platform';
import { Injectable } from '@nestjs/common';
import { JudgesService } from '../judges/judges.service';
import { MetricsService } from '../metrics/metrics.service';
import { metricFor } from './evaluable';

/** What names a version of a program, and one of a metric. */
type Named = Pick<EvaluationCreateV1, 'program' | 'version' | 'metric' | 'metricVersion'>;

/** What is evaluated, and by what: the metric names the fields of the program. */
interface Chosen {
  readonly program: ProgramVersionV1;
  readonly metric: MetricV1;
  readonly definition: MetricDefinition;
}

/** Programs and metrics in the versions of now. */
@Injectable()
export class EvaluatedService {
  constructor(
    private readonly metrics: MetricsService,
    private readonly judges: JudgesService,
    private readonly requests: RequestClient,
  ) {}

  /** What a request names. Throws MetricNotFoundError, NotEvaluableError, and the registry's errors on programs. */
  async find(ctx: RequestContext, request: Named): Promise<Chosen> {
    const metric = await this.metrics.get(ctx, { name: request.metric, version: request.metricVersion });
    const asked = { name: request.program, version: request.version };
    const program = await this.requests.request<ProgramVersionV1>(ctx, REQUESTS.programResolve, asked);
    const outputs = program.signature.outputs.map(({ name }) => name);
    const definition = await this.judges.bound(ctx, metricFor(metric.definition, outputs), program);
    return { program, metric, definition };
  }
}
