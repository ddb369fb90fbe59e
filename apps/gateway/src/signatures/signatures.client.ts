import { Injectable } from '@nestjs/common';
import {
  REQUESTS,
  type Page,
  type PageRequest,
  type SignatureCreateV1,
  type SignatureDeleteV1,
  type SignatureDiffGetV1,
  type SignatureDiffV1,
  type SignatureUpdateV1,
  type SignatureV1,
} from '@dspy-nest/contracts';
import { RequestClient } from '@dspy-nest/messaging';
import type { RequestContext } from '@dspy-nest/platform';

/** Signatures, as the registry keeps them. */
@Injectable()
export class SignaturesClient {
  constructor(private readonly requests: RequestClient) {}

  create(ctx: RequestContext, message: SignatureCreateV1): Promise<SignatureV1> {
    return this.requests.request(ctx, REQUESTS.signatureCreate, message);
  }

  update(ctx: RequestContext, message: SignatureUpdateV1): Promise<SignatureV1> {
    return this.requests.request(ctx, REQUESTS.signatureUpdate, message);
  }

  async delete(ctx: RequestContext, message: SignatureDeleteV1): Promise<void> {
    await this.requests.request(ctx, REQUESTS.signatureDelete, message);
  }

  get(ctx: RequestContext, name: string): Promise<SignatureV1> {
    return this.requests.request(ctx, REQUESTS.signatureGet, { name });
  }

  list(ctx: RequestContext, page: PageRequest): Promise<Page<SignatureV1>> {
    return this.requests.request(ctx, REQUESTS.signatureList, page);
  }

  versions(ctx: RequestContext, name: string, page: PageRequest): Promise<Page<SignatureV1>> {
    return this.requests.request(ctx, REQUESTS.signatureVersions, { ...page, name });
  }

  diff(ctx: RequestContext, message: SignatureDiffGetV1): Promise<SignatureDiffV1> {
    return this.requests.request(ctx, REQUESTS.signatureDiff, message);
  }
}
