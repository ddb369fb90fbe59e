import { Module } from '@nestjs/common';
import { HealthHandler } from './health.handler';

@Module({ controllers: [HealthHandler] })
export class HealthModule {}
