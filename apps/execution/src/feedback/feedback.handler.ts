import {
  CorrectionsGetV1,
  type CorrectionsV1,
  FeedbackCreateV1,
  FeedbackListV1,
  type FeedbackV1,
  type Page,
  REQUESTS,
} from '@dspy-nest/contracts';
import { ContractPipe, RequestCtx } from '@dspy-nest/messaging';
import type { RequestContext } from '@dspy-nest/platform';
import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { FeedbackService } from './feedback.service';

/** The requests about feedback. */
@Controller()
export class FeedbackHandler {
  constructor(private readonly feedback: FeedbackService) {}

  @MessagePattern(REQUESTS.feedbackCreate)
  create(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(FeedbackCreateV1)) given: FeedbackCreateV1,
  ): Promise<FeedbackV1> {
    return this.feedback.create(ctx, given);
  }

  @MessagePattern(REQUESTS.feedbackList)
  async list(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(FeedbackListV1)) { executionId, ...request }: FeedbackListV1,
  ): Promise<Page<FeedbackV1>> {
    const { items, nextCursor } = await this.feedback.list(ctx, executionId, request);
    return { items, nextCursor };
  }

  @MessagePattern(REQUESTS.feedbackCorrections)
  corrections(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(CorrectionsGetV1)) { executionIds }: CorrectionsGetV1,
  ): Promise<CorrectionsV1> {
    return this.feedback.corrections(ctx, executionIds);
  }
}
