import { Injectable } from '@nestjs/common';
import {
  REQUESTS,
  type DatasetImportAppendV1,
  type DatasetImportCloseV1,
  type DatasetImportCreateV1,
  type DatasetV1,
  type ExamplesAppendedV1,
  type ExamplesPreviewedV1,
  type ExamplesPreviewV1,
} from '@dspy-nest/contracts';
import { RequestClient } from '@dspy-nest/messaging';
import type { RequestContext } from '@dspy-nest/platform';

/** A million examples are dropped in some seconds. */
const DROP_TIMEOUT_MS = 120_000;
/** Those of a stratified dataset are divided then, which takes a minute for a million, and several where others want the cores. */
const CLOSE_TIMEOUT_MS = 900_000;

/** Imports, as the registry takes them. */
@Injectable()
export class DatasetImportsClient {
  constructor(private readonly requests: RequestClient) {}

  create(ctx: RequestContext, message: DatasetImportCreateV1): Promise<DatasetV1> {
    return this.requests.request(ctx, REQUESTS.datasetImportCreate, message);
  }

  async append(ctx: RequestContext, message: DatasetImportAppendV1): Promise<void> {
    await this.requests.request(ctx, REQUESTS.datasetImportAppend, message, { repeatable: true });
  }

  close(ctx: RequestContext, message: DatasetImportCloseV1): Promise<ExamplesAppendedV1> {
    return this.requests.request(ctx, REQUESTS.datasetImportClose, message, { timeoutMs: CLOSE_TIMEOUT_MS });
  }

  async abort(ctx: RequestContext, id: string): Promise<void> {
    const options = { timeoutMs: DROP_TIMEOUT_MS, repeatable: true };
    await this.requests.request(ctx, REQUESTS.datasetImportAbort, { id }, options);
  }

  preview(ctx: RequestContext, message: ExamplesPreviewV1): Promise<ExamplesPreviewedV1> {
    return this.requests.request(ctx, REQUESTS.datasetPreview, message);
  }
}
