import { Injectable } from '@nestjs/common';
import {
  REQUESTS,
  type MetricCreateV1,
  type MetricRefV1,
  type MetricUpdateV1,
  type MetricV1,
  type Page,
  type PageRequest,
} from '@dspy-nest/contracts';
import { RequestClient } from '@dspy-nest/messaging';
import type { RequestContext } from '@dspy-nest/platform';

/** Metrics, as the optimization service keeps them. */
@Injectable()
export class MetricsClient {
  constructor(private readonly requests: RequestClient) {}

  create(ctx: RequestContext, message: MetricCreateV1): Promise<MetricV1> {
    return this.requests.request(ctx, REQUESTS.metricCreate, message);
  }

  update(ctx: RequestContext, message: MetricUpdateV1): Promise<MetricV1> {
    return this.requests.request(ctx, REQUESTS.metricUpdate, message);
  }

  get(ctx: RequestContext, message: MetricRefV1): Promise<MetricV1> {
    return this.requests.request(ctx, REQUESTS.metricGet, message);
  }

  list(ctx: RequestContext, page: PageRequest): Promise<Page<MetricV1>> {
    return this.requests.request(ctx, REQUESTS.metricList, page);
  }

  versions(ctx: RequestContext, name: string, page: PageRequest): Promise<Page<MetricV1>> {
    return this.requests.request(ctx, REQUESTS.metricVersions, { ...page, name });
  }
}
