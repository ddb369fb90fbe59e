import { Injectable } from '@nestjs/common';
import {
  REQUESTS,
  type OptimizationCreateV1,
  type OptimizationDiffV1,
  type OptimizationLogV1,
  type OptimizationPageGetV1,
  type OptimizationPublishV1,
  type OptimizationTrialsV1,
  type OptimizationV1,
  type Page,
  type PageRequest,
} from '@dspy-nest/contracts';
import { RequestClient } from '@dspy-nest/messaging';
import type { RequestContext } from '@dspy-nest/platform';

/** Optimisations, as the optimization service runs and keeps them. */
@Injectable()
export class OptimizationsClient {
  constructor(private readonly requests: RequestClient) {}

  create(ctx: RequestContext, message: OptimizationCreateV1): Promise<OptimizationV1> {
    return this.requests.request(ctx, REQUESTS.optimizationCreate, message);
  }

  stop(ctx: RequestContext, id: string): Promise<OptimizationV1> {
    return this.requests.request(ctx, REQUESTS.optimizationStop, { id });
  }

  cancel(ctx: RequestContext, id: string): Promise<OptimizationV1> {
    return this.requests.request(ctx, REQUESTS.optimizationCancel, { id });
  }

  get(ctx: RequestContext, id: string): Promise<OptimizationV1> {
    return this.requests.request(ctx, REQUESTS.optimizationGet, { id });
  }

  list(ctx: RequestContext, page: PageRequest): Promise<Page<OptimizationV1>> {
    return this.requests.request(ctx, REQUESTS.optimizationList, page);
  }

  publish(ctx: RequestContext, message: OptimizationPublishV1): Promise<OptimizationV1> {
    return this.requests.request(ctx, REQUESTS.optimizationPublish, message);
  }

  diff(ctx: RequestContext, id: string): Promise<OptimizationDiffV1> {
    return this.requests.request(ctx, REQUESTS.optimizationDiff, { id });
  }

  trials(ctx: RequestContext, message: OptimizationPageGetV1): Promise<OptimizationTrialsV1> {
    return this.requests.request(ctx, REQUESTS.optimizationTrials, message);
  }

  log(ctx: RequestContext, message: OptimizationPageGetV1): Promise<OptimizationLogV1> {
    return this.requests.request(ctx, REQUESTS.optimizationLog, message);
  }
}
