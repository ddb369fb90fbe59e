import { Module } from '@nestjs/common';
import { CreationsModule } from '../creations/creations.module';
import { OutboxModule } from '../outbox/outbox.module';
import { SignaturesHandler } from './signatures.handler';
import { SignaturesRepository } from './signatures.repository';
import { SignaturesResolver } from './signatures.resolver';
import { SignaturesService } from './signatures.service';

@Module({
  imports: [OutboxModule, CreationsModule],
  controllers: [SignaturesHandler],
  providers: [SignaturesService, SignaturesRepository, SignaturesResolver],
  exports: [SignaturesService],
})
export class SignaturesModule {}
