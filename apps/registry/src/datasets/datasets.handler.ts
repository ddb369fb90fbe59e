import {
  DatasetCreateV1,
  DatasetDeleteV1,
  DatasetName,
  DatasetRefV1,
  ExamplesAppendV1,
  ExamplesListV1,
  ExamplesPreviewV1,
  PageRequest,
  REQUESTS,
  type DatasetV1,
  type ExamplesAppendedV1,
  type ExamplesPreviewedV1,
  type ExamplesV1,
  type Page,
} from '@dspy-nest/contracts';
import { ContractPipe, RequestCtx } from '@dspy-nest/messaging';
import type { RequestContext } from '@dspy-nest/platform';
import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import type { z } from 'zod';
import { DatasetsService } from './datasets.service';

const DatasetVersionsRequest = PageRequest.extend({ name: DatasetName });

/** Datasets over NATS. */
@Controller()
export class DatasetsHandler {
  constructor(private readonly datasets: DatasetsService) {}

  @MessagePattern(REQUESTS.datasetCreate)
  create(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(DatasetCreateV1)) message: DatasetCreateV1,
  ): Promise<DatasetV1> {
    return this.datasets.create(ctx, message);
  }

  @MessagePattern(REQUESTS.datasetAppend)
  append(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(ExamplesAppendV1)) message: ExamplesAppendV1,
  ): Promise<ExamplesAppendedV1> {
    return this.datasets.append(ctx, message);
  }

  @MessagePattern(REQUESTS.datasetDelete)
  delete(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(DatasetDeleteV1)) message: DatasetDeleteV1,
  ): Promise<DatasetV1> {
    return this.datasets.delete(ctx, message);
  }

  @MessagePattern(REQUESTS.datasetGet)
  get(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(DatasetRefV1)) message: DatasetRefV1,
  ): Promise<DatasetV1> {
    return this.datasets.get(ctx, message);
  }

  @MessagePattern(REQUESTS.datasetList)
  async list(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(PageRequest)) message: PageRequest,
  ): Promise<Page<DatasetV1>> {
    const { items, nextCursor } = await this.datasets.list(ctx, message);
    return { items, nextCursor };
  }

  @MessagePattern(REQUESTS.datasetVersions)
  async versions(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(DatasetVersionsRequest)) message: z.infer<typeof DatasetVersionsRequest>,
  ): Promise<Page<DatasetV1>> {
    const { items, nextCursor } = await this.datasets.versions(ctx, message);
    return { items, nextCursor };
  }

  @MessagePattern(REQUESTS.datasetPreview)
  preview(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(ExamplesPreviewV1)) message: ExamplesPreviewV1,
  ): Promise<ExamplesPreviewedV1> {
    return this.datasets.preview(ctx, message);
  }

  @MessagePattern(REQUESTS.datasetExamples)
  examples(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(ExamplesListV1)) message: ExamplesListV1,
  ): Promise<ExamplesV1> {
    return this.datasets.examples(ctx, message);
  }
}
