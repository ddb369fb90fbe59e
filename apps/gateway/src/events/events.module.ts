import { Module } from '@nestjs/common';
import { StreamsModule } from '../streams/streams.module';
import { EventFeed } from './event-feed.service';
import { EventsController } from './events.controller';
import { MoveWatch } from './move-watch';

@Module({
  imports: [StreamsModule],
  controllers: [EventsController],
  providers: [EventFeed, MoveWatch],
  exports: [EventFeed, MoveWatch],
})
export class EventsModule {}
