import { Module } from '@nestjs/common';
import { OptimizationOutbox } from './optimization-outbox';

@Module({ providers: [OptimizationOutbox], exports: [OptimizationOutbox] })
export class OutboxModule {}
