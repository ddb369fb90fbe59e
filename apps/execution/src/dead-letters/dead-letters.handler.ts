import {
  DeadLetterRefV1,
  DeadLetterReplayV1,
  type DeadLetterV1,
  type ExecutionV1,
  type Page,
  PageRequest,
  REQUESTS,
  UnreadableJobV1,
} from '@dspy-nest/contracts';
import { ContractPipe, RequestCtx } from '@dspy-nest/messaging';
import type { RequestContext } from '@dspy-nest/platform';
import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { DeadLettersService } from './dead-letters.service';

/** The requests about dead letters. */
@Controller()
export class DeadLettersHandler {
  constructor(private readonly deadLetters: DeadLettersService) {}

  @MessagePattern(REQUESTS.deadLetterGet)
  get(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(DeadLetterRefV1)) { id }: DeadLetterRefV1,
  ): Promise<DeadLetterV1> {
    return this.deadLetters.get(ctx, id);
  }

  @MessagePattern(REQUESTS.deadLetterList)
  async list(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(PageRequest)) request: PageRequest,
  ): Promise<Page<DeadLetterV1>> {
    const { items, nextCursor } = await this.deadLetters.list(ctx, request);
    return { items, nextCursor };
  }

  @MessagePattern(REQUESTS.deadLetterReplay)
  replay(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(DeadLetterReplayV1)) request: DeadLetterReplayV1,
  ): Promise<ExecutionV1> {
    return this.deadLetters.replay(ctx, request);
  }

  @MessagePattern(REQUESTS.jobUnreadable)
  keepUnreadable(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(UnreadableJobV1)) report: UnreadableJobV1,
  ): Promise<{ id: string }> {
    return this.deadLetters.keepUnreadable(ctx, report);
  }
}
