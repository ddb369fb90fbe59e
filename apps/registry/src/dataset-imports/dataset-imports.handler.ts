import {
  DatasetImportAbortV1,
  DatasetImportAppendV1,
  DatasetImportCloseV1,
  DatasetImportCreateV1,
  REQUESTS,
  type DatasetV1,
  type ExamplesAppendedV1,
} from '@dspy-nest/contracts';
import { ContractPipe, RequestCtx } from '@dspy-nest/messaging';
import type { RequestContext } from '@dspy-nest/platform';
import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { DatasetImportsService } from './dataset-imports.service';

/** The requests by which a file comes into a dataset. */
@Controller()
export class DatasetImportsHandler {
  constructor(private readonly imports: DatasetImportsService) {}

  @MessagePattern(REQUESTS.datasetImportCreate)
  create(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(DatasetImportCreateV1)) message: DatasetImportCreateV1,
  ): Promise<DatasetV1> {
    return this.imports.create(ctx, message);
  }

  @MessagePattern(REQUESTS.datasetImportAppend)
  append(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(DatasetImportAppendV1)) message: DatasetImportAppendV1,
  ): Promise<{ received: number }> {
    return this.imports.append(ctx, message);
  }

  @MessagePattern(REQUESTS.datasetImportClose)
  close(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(DatasetImportCloseV1)) message: DatasetImportCloseV1,
  ): Promise<ExamplesAppendedV1> {
    return this.imports.close(ctx, message);
  }

  @MessagePattern(REQUESTS.datasetImportAbort)
  abort(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(DatasetImportAbortV1)) message: DatasetImportAbortV1,
  ): Promise<object> {
    return this.imports.abort(ctx, message);
  }
}
