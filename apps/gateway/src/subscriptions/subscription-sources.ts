import { Injectable } from '@nestjs/common';
import type { ExecutionEventV1 } from '@dspy-nest/contracts';
import type { RequestContext } from '@dspy-nest/platform';
import type { BatchEvent } from '../batch-events/batch-event';
import { BatchEvents } from '../batch-events/batch-events.service';
import type { EvaluationEvent } from '../evaluation-events/evaluation-event';
import { EvaluationEvents } from '../evaluation-events/evaluation-events.service';
import { EventFeed } from '../events/event-feed.service';
import type { EventFilter } from '../events/event-filter';
import type { FeedEvent } from '../events/feed-event';
import { ExecutionEvents } from '../execution-events/execution-events.service';
import { batchId, evaluationId, executionId, optimizationId } from '../input/path-names';
import type { OptimizationEvent } from '../optimization-events/optimization-event';
import { OptimizationEvents } from '../optimization-events/optimization-events.service';

/** What a subscription runs with. */
export interface SubscriptionContext {
  readonly caller: RequestContext;
  /** To be called when the client takes events too slowly. */
  readonly onTooSlow: () => void;
}

/** Where what is subscribed to comes from. */
@Injectable()
export class SubscriptionSources {
  constructor(
    private readonly executions: ExecutionEvents,
    private readonly batches: BatchEvents,
    private readonly evaluations: EvaluationEvents,
    private readonly optimizations: OptimizationEvents,
    private readonly feed: EventFeed,
  ) {}

  executionEvents(
    { caller }: SubscriptionContext,
    id: string,
    after: number,
  ): Promise<AsyncIterableIterator<ExecutionEventV1>> {
    return this.executions.follow(caller, executionId.transform(id), after);
  }

  batchEvents({ caller }: SubscriptionContext, id: string, after: number): Promise<AsyncIterableIterator<BatchEvent>> {
    return this.batches.follow(caller, batchId.transform(id), after);
  }

  evaluationEvents(
    { caller }: SubscriptionContext,
    id: string,
    after: number,
  ): Promise<AsyncIterableIterator<EvaluationEvent>> {
    return this.evaluations.follow(caller, evaluationId.transform(id), after);
  }

  optimizationEvents(
    { caller }: SubscriptionContext,
    id: string,
    after: number,
  ): Promise<AsyncIterableIterator<OptimizationEvent>> {
    return this.optimizations.follow(caller, optimizationId.transform(id), after);
  }

  async events(
    { caller, onTooSlow }: SubscriptionContext,
    after: number | undefined,
    filter: EventFilter,
  ): Promise<AsyncIterableIterator<FeedEvent>> {
    return (await this.feed.open(caller, after, filter, onTooSlow)).events;
  }
}
