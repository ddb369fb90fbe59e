import { Injectable } from '@nestjs/common';
import {
  REQUESTS,
  type Page,
  type PageRequest,
  type ProgramCreateV1,
  type ProgramDeleteV1,
  type ProgramUpdateV1,
  type ProgramV1,
  type ProgramVersionV1,
} from '@dspy-nest/contracts';
import { RequestClient } from '@dspy-nest/messaging';
import type { RequestContext } from '@dspy-nest/platform';

/** Programs, as the registry keeps them. */
@Injectable()
export class ProgramsClient {
  constructor(private readonly requests: RequestClient) {}

  create(ctx: RequestContext, message: ProgramCreateV1): Promise<ProgramV1> {
    return this.requests.request(ctx, REQUESTS.programCreate, message);
  }

  update(ctx: RequestContext, message: ProgramUpdateV1): Promise<ProgramV1> {
    return this.requests.request(ctx, REQUESTS.programUpdate, message);
  }

  async delete(ctx: RequestContext, message: ProgramDeleteV1): Promise<void> {
    await this.requests.request(ctx, REQUESTS.programDelete, message);
  }

  get(ctx: RequestContext, name: string): Promise<ProgramV1> {
    return this.requests.request(ctx, REQUESTS.programGet, { name });
  }

  list(ctx: RequestContext, page: PageRequest): Promise<Page<ProgramV1>> {
    return this.requests.request(ctx, REQUESTS.programList, page);
  }

  versions(ctx: RequestContext, name: string, page: PageRequest): Promise<Page<ProgramV1>> {
    return this.requests.request(ctx, REQUESTS.programVersions, { ...page, name });
  }

  /** A version as it runs, with its signature; without a number the published one. */
  resolve(ctx: RequestContext, name: string, version?: number): Promise<ProgramVersionV1> {
    return this.requests.request(ctx, REQUESTS.programResolve, { name, version });
  }
}
