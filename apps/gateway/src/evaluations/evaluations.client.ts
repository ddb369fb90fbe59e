import { Injectable } from '@nestjs/common';
import {
  REQUESTS,
  type EvaluationCompareV1,
  type EvaluationComparisonV1,
  type EvaluationCreateV1,
  type EvaluationResultsGetV1,
  type EvaluationResultsV1,
  type EvaluationV1,
  type Page,
  type PageRequest,
} from '@dspy-nest/contracts';
import { RequestClient } from '@dspy-nest/messaging';
import type { RequestContext } from '@dspy-nest/platform';

/** Evaluations, as the optimization service runs and keeps them. */
@Injectable()
export class EvaluationsClient {
  constructor(private readonly requests: RequestClient) {}

  create(ctx: RequestContext, message: EvaluationCreateV1): Promise<EvaluationV1> {
    return this.requests.request(ctx, REQUESTS.evaluationCreate, message);
  }

  cancel(ctx: RequestContext, id: string): Promise<EvaluationV1> {
    return this.requests.request(ctx, REQUESTS.evaluationCancel, { id });
  }

  get(ctx: RequestContext, id: string): Promise<EvaluationV1> {
    return this.requests.request(ctx, REQUESTS.evaluationGet, { id });
  }

  list(ctx: RequestContext, page: PageRequest): Promise<Page<EvaluationV1>> {
    return this.requests.request(ctx, REQUESTS.evaluationList, page);
  }

  results(ctx: RequestContext, message: EvaluationResultsGetV1): Promise<EvaluationResultsV1> {
    return this.requests.request(ctx, REQUESTS.evaluationResults, message);
  }

  compare(ctx: RequestContext, message: EvaluationCompareV1): Promise<EvaluationComparisonV1> {
    return this.requests.request(ctx, REQUESTS.evaluationCompare, message);
  }
}
