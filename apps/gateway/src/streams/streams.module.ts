import { Module } from '@nestjs/common';
import { EventStream } from './event-stream';
import { OpenStreams } from './open-streams';

@Module({ providers: [OpenStreams, EventStream], exports: [OpenStreams, EventStream] })
export class StreamsModule {}
