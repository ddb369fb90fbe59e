import { Module } from '@nestjs/common';
import { RegistryOutbox } from './registry-outbox';

@Module({ providers: [RegistryOutbox], exports: [RegistryOutbox] })
export class OutboxModule {}
