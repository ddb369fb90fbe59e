import { Module } from '@nestjs/common';
import { StreamsModule } from '../streams/streams.module';
import { EventFeed } from './event-feed.service';
import { EventsController } from './events.controller';

@Module({ imports: [StreamsModule], controllers: [EventsController], providers: [EventFeed], exports: [EventFeed] })
export class EventsModule {}
