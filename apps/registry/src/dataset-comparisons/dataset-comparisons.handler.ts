import {
  DatasetDiffRequestV1,
  DatasetLeakageRequestV1,
  REQUESTS,
  type DatasetDiffV1,
  type DatasetLeakageV1,
} from '@dspy-nest/contracts';
import { ContractPipe, RequestCtx } from '@dspy-nest/messaging';
import type { RequestContext } from '@dspy-nest/platform';
import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { DatasetComparisonsService } from './dataset-comparisons.service';

/** Comparisons of datasets over NATS. */
@Controller()
export class DatasetComparisonsHandler {
  constructor(private readonly comparisons: DatasetComparisonsService) {}

  @MessagePattern(REQUESTS.datasetDiff)
  diff(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(DatasetDiffRequestV1)) message: DatasetDiffRequestV1,
  ): Promise<DatasetDiffV1> {
    return this.comparisons.diff(ctx, message);
  }

  @MessagePattern(REQUESTS.datasetLeakage)
  leakage(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(DatasetLeakageRequestV1)) message: DatasetLeakageRequestV1,
  ): Promise<DatasetLeakageV1> {
    return this.comparisons.leakage(ctx, message);
  }
}
