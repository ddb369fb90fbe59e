import {
  PAGE_LIMIT_MAX,
  REQUESTS,
  type DatasetRefV1,
  type DatasetV1,
  type ExamplesListV1,
  type ExamplesV1,
  type ExampleV1,
} from '@dspy-nest/contracts';
import { RequestClient } from '@dspy-nest/messaging';
import type { RequestContext } from '@dspy-nest/platform';
import { Injectable } from '@nestjs/common';

/** Datasets, as the registry keeps them. */
@Injectable()
export class DatasetsClient {
  constructor(private readonly requests: RequestClient) {}

  /** A dataset in one version or the newest. Throws DatasetNotFoundError of the registry. */
  get(ctx: RequestContext, ref: DatasetRefV1): Promise<DatasetV1> {
    return this.requests.request(ctx, REQUESTS.datasetGet, ref);
  }

  /** The examples of a version in the order of their numbers, a page at a time: always the same pages. */
  async *pages(
    ctx: RequestContext,
    of: Pick<ExamplesListV1, 'name' | 'version' | 'split'>,
  ): AsyncGenerator<ExampleV1[]> {
    for (let after: number | null = 0; after !== null;) {
      const request: ExamplesListV1 = { ...of, after, limit: PAGE_LIMIT_MAX };
      const page: ExamplesV1 = await this.requests.request<ExamplesV1>(ctx, REQUESTS.datasetExamples, request);
      yield page.items;
      after = page.nextAfter;
    }
  }
}
