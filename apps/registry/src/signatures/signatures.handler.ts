import {
  PageRequest,
  REQUESTS,
  SignatureCreateV1,
  SignatureDeleteV1,
  SignatureDiffGetV1,
  SignatureName,
  SignatureRefV1,
  SignatureUpdateV1,
  type Page,
  type SignatureDiffV1,
  type SignatureV1,
} from '@dspy-nest/contracts';
import { ContractPipe, RequestCtx } from '@dspy-nest/messaging';
import type { RequestContext } from '@dspy-nest/platform';
import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { z } from 'zod';
import { SignaturesService } from './signatures.service';

const SignatureVersionsRequest = PageRequest.extend({ name: SignatureName });

/** Signatures over NATS. */
@Controller()
export class SignaturesHandler {
  constructor(private readonly signatures: SignaturesService) {}

  @MessagePattern(REQUESTS.signatureCreate)
  create(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(SignatureCreateV1)) message: SignatureCreateV1,
  ): Promise<SignatureV1> {
    return this.signatures.create(ctx, message);
  }

  @MessagePattern(REQUESTS.signatureUpdate)
  update(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(SignatureUpdateV1)) message: SignatureUpdateV1,
  ): Promise<SignatureV1> {
    return this.signatures.update(ctx, message);
  }

  @MessagePattern(REQUESTS.signatureDelete)
  delete(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(SignatureDeleteV1)) message: SignatureDeleteV1,
  ): Promise<SignatureV1> {
    return this.signatures.delete(ctx, message);
  }

  @MessagePattern(REQUESTS.signatureGet)
  get(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(SignatureRefV1)) message: SignatureRefV1,
  ): Promise<SignatureV1> {
    return this.signatures.get(ctx, message);
  }

  @MessagePattern(REQUESTS.signatureList)
  async list(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(PageRequest)) message: PageRequest,
  ): Promise<Page<SignatureV1>> {
    const { items, nextCursor } = await this.signatures.list(ctx, message);
    return { items, nextCursor };
  }

  @MessagePattern(REQUESTS.signatureVersions)
  async versions(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(SignatureVersionsRequest)) message: z.infer<typeof SignatureVersionsRequest>,
  ): Promise<Page<SignatureV1>> {
    const { items, nextCursor } = await this.signatures.versions(ctx, message);
    return { items, nextCursor };
  }

  @MessagePattern(REQUESTS.signatureDiff)
  diff(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(SignatureDiffGetV1)) message: SignatureDiffGetV1,
  ): Promise<SignatureDiffV1> {
    return this.signatures.diff(ctx, message);
  }
}
