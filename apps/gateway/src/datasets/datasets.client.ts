import { Injectable } from '@nestjs/common';
import {
  REQUESTS,
  type DatasetCreateV1,
  type DatasetDeleteV1,
  type DatasetRefV1,
  type DatasetV1,
  type ExamplesAppendedV1,
  type ExamplesAppendV1,
  type ExamplesListV1,
  type ExamplesV1,
  type Page,
  type PageRequest,
} from '@dspy-nest/contracts';
import { RequestClient } from '@dspy-nest/messaging';
import type { RequestContext } from '@dspy-nest/platform';

/** Datasets, as the registry keeps them. */
@Injectable()
export class DatasetsClient {
  constructor(private readonly requests: RequestClient) {}

  create(ctx: RequestContext, message: DatasetCreateV1): Promise<DatasetV1> {
    return this.requests.request(ctx, REQUESTS.datasetCreate, message);
  }

  append(ctx: RequestContext, message: ExamplesAppendV1): Promise<ExamplesAppendedV1> {
    return this.requests.request(ctx, REQUESTS.datasetAppend, message);
  }

  async delete(ctx: RequestContext, message: DatasetDeleteV1): Promise<void> {
    await this.requests.request(ctx, REQUESTS.datasetDelete, message);
  }

  get(ctx: RequestContext, message: DatasetRefV1): Promise<DatasetV1> {
    return this.requests.request(ctx, REQUESTS.datasetGet, message);
  }

  list(ctx: RequestContext, page: PageRequest): Promise<Page<DatasetV1>> {
    return this.requests.request(ctx, REQUESTS.datasetList, page);
  }

  versions(ctx: RequestContext, name: string, page: PageRequest): Promise<Page<DatasetV1>> {
    return this.requests.request(ctx, REQUESTS.datasetVersions, { ...page, name });
  }

  examples(ctx: RequestContext, message: ExamplesListV1): Promise<ExamplesV1> {
    return this.requests.request(ctx, REQUESTS.datasetExamples, message);
  }
}
