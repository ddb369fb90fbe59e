import { Module } from '@nestjs/common';
import { EventsModule } from '../events/events.module';
import { ExecutionEventsModule } from '../execution-events/execution-events.module';
import { StreamsModule } from '../streams/streams.module';
import { SubscriptionsServer } from './subscriptions.server';

@Module({ imports: [StreamsModule, EventsModule, ExecutionEventsModule], providers: [SubscriptionsServer] })
export class SubscriptionsModule {}
