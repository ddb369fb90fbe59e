import { Injectable } from '@nestjs/common';
import {
  REQUESTS,
  type ProgramRefV1,
  type ProgramStateImportedV1,
  type ProgramStateImportV1,
  type ProgramStateV1,
} from '@dspy-nest/contracts';
import { RequestClient } from '@dspy-nest/messaging';
import type { RequestContext } from '@dspy-nest/platform';

/** What programs have learned, as the registry keeps it. */
@Injectable()
export class ProgramStatesClient {
  constructor(private readonly requests: RequestClient) {}

  import(ctx: RequestContext, message: ProgramStateImportV1): Promise<ProgramStateImportedV1> {
    return this.requests.request(ctx, REQUESTS.programStateImport, message);
  }

  get(ctx: RequestContext, message: ProgramRefV1): Promise<ProgramStateV1> {
    return this.requests.request(ctx, REQUESTS.programStateGet, message);
  }
}
