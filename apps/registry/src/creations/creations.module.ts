import { Module } from '@nestjs/common';
import { OutboxModule } from '../outbox/outbox.module';
import { KeyedCreations } from './keyed-creations';

@Module({ imports: [OutboxModule], providers: [KeyedCreations], exports: [KeyedCreations] })
export class CreationsModule {}
