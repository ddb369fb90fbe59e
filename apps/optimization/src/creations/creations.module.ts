import { Module } from '@nestjs/common';
import { OutboxModule } from '../outbox/outbox.module';
import { CreationsService } from './creations.service';

@Module({ imports: [OutboxModule], providers: [CreationsService], exports: [CreationsService] })
export class CreationsModule {}
