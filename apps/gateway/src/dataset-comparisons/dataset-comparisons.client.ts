import { Injectable } from '@nestjs/common';
import {
  REQUESTS,
  type DatasetDiffRequestV1,
  type DatasetDiffV1,
  type DatasetLeakageRequestV1,
  type DatasetLeakageV1,
} from '@dspy-nest/contracts';
import { RequestClient } from '@dspy-nest/messaging';
import type { RequestContext } from '@dspy-nest/platform';

/** All examples of a version are looked at. */
const TIMEOUT_MS = 120_000;

/** Comparisons of datasets, as the registry makes them. */
@Injectable()
export class DatasetComparisonsClient {
  constructor(private readonly requests: RequestClient) {}

  diff(ctx: RequestContext, message: DatasetDiffRequestV1): Promise<DatasetDiffV1> {
    return this.requests.request(ctx, REQUESTS.datasetDiff, message, { timeoutMs: TIMEOUT_MS });
  }

  leakage(ctx: RequestContext, message: DatasetLeakageRequestV1): Promise<DatasetLeakageV1> {
    return this.requests.request(ctx, REQUESTS.datasetLeakage, message, { timeoutMs: TIMEOUT_MS });
  }
}
