import {
  PageRequest,
  ProgramCreateV1,
  ProgramDeleteV1,
  ProgramName,
  ProgramPublishV1,
  ProgramRefV1,
  ProgramResolveV1,
  ProgramUpdateV1,
  ProgramVersionGetV1,
  REQUESTS,
  type Page,
  type ProgramInterfaceV1,
  type ProgramV1,
  type ProgramVersionV1,
} from '@dspy-nest/contracts';
import { ContractPipe, RequestCtx } from '@dspy-nest/messaging';
import type { RequestContext } from '@dspy-nest/platform';
import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { z } from 'zod';
import { ProgramsService } from './programs.service';

const ProgramVersionsRequest = PageRequest.extend({ name: ProgramName });

/** Programs over NATS. */
@Controller()
export class ProgramsHandler {
  constructor(private readonly programs: ProgramsService) {}

  @MessagePattern(REQUESTS.programCreate)
  create(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(ProgramCreateV1)) message: ProgramCreateV1,
  ): Promise<ProgramV1> {
    return this.programs.create(ctx, message);
  }

  @MessagePattern(REQUESTS.programUpdate)
  update(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(ProgramUpdateV1)) message: ProgramUpdateV1,
  ): Promise<ProgramV1> {
    return this.programs.update(ctx, message);
  }

  @MessagePattern(REQUESTS.programDelete)
  delete(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(ProgramDeleteV1)) message: ProgramDeleteV1,
  ): Promise<ProgramV1> {
    return this.programs.delete(ctx, message);
  }

  @MessagePattern(REQUESTS.programPublish)
  publish(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(ProgramPublishV1)) message: ProgramPublishV1,
  ): Promise<ProgramV1> {
    return this.programs.publish(ctx, message);
  }

  @MessagePattern(REQUESTS.programGet)
  get(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(ProgramRefV1)) message: ProgramRefV1,
  ): Promise<ProgramV1> {
    return this.programs.get(ctx, message);
  }

  @MessagePattern(REQUESTS.programList)
  async list(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(PageRequest)) message: PageRequest,
  ): Promise<Page<ProgramV1>> {
    const { items, nextCursor } = await this.programs.list(ctx, message);
    return { items, nextCursor };
  }

  @MessagePattern(REQUESTS.programInterfaces)
  async interfaces(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(PageRequest)) message: PageRequest,
  ): Promise<Page<ProgramInterfaceV1>> {
    const { items, nextCursor } = await this.programs.interfaces(ctx, message);
    return { items, nextCursor };
  }

  @MessagePattern(REQUESTS.programVersions)
  async versions(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(ProgramVersionsRequest)) message: z.infer<typeof ProgramVersionsRequest>,
  ): Promise<Page<ProgramV1>> {
    const { items, nextCursor } = await this.programs.versions(ctx, message);
    return { items, nextCursor };
  }

  @MessagePattern(REQUESTS.programResolve)
  resolve(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(ProgramResolveV1)) message: ProgramResolveV1,
  ): Promise<ProgramVersionV1> {
    return this.programs.resolve(ctx, message);
  }

  @MessagePattern(REQUESTS.programVersionGet)
  getVersion(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(ProgramVersionGetV1)) message: ProgramVersionGetV1,
  ): Promise<ProgramVersionV1> {
    return this.programs.getVersion(ctx, message);
  }
}
