import { Injectable } from '@nestjs/common';
import {
  REQUESTS,
  type CorrectionsV1,
  type FeedbackCreateV1,
  type FeedbackListV1,
  type FeedbackV1,
  type Page,
} from '@dspy-nest/contracts';
import { RequestClient } from '@dspy-nest/messaging';
import type { RequestContext } from '@dspy-nest/platform';

/** What is said of executions, as the execution service keeps it. */
@Injectable()
export class FeedbackClient {
  constructor(private readonly requests: RequestClient) {}

  create(ctx: RequestContext, feedback: FeedbackCreateV1): Promise<FeedbackV1> {
    return this.requests.request(ctx, REQUESTS.feedbackCreate, feedback);
  }

  list(ctx: RequestContext, page: FeedbackListV1): Promise<Page<FeedbackV1>> {
    return this.requests.request(ctx, REQUESTS.feedbackList, page);
  }

  /** The newest correction of each of these executions that has one. */
  corrections(ctx: RequestContext, executionIds: string[]): Promise<CorrectionsV1> {
    return this.requests.request(ctx, REQUESTS.feedbackCorrections, { executionIds });
  }
}
