import { Module } from '@nestjs/common';
import { BatchEventsModule } from '../batch-events/batch-events.module';
import { EvaluationEventsModule } from '../evaluation-events/evaluation-events.module';
import { EventsModule } from '../events/events.module';
import { ExecutionEventsModule } from '../execution-events/execution-events.module';
import { OptimizationEventsModule } from '../optimization-events/optimization-events.module';
import { StreamsModule } from '../streams/streams.module';
import { SubscriptionSources } from './subscription-sources';
import { SubscriptionsServer } from './subscriptions.server';

@Module({
  imports: [
    StreamsModule,
    EventsModule,
    ExecutionEventsModule,
    BatchEventsModule,
    EvaluationEventsModule,
    OptimizationEventsModule,
  ],
  providers: [SubscriptionSources, SubscriptionsServer],
})
export class SubscriptionsModule {}
