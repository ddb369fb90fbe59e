import { Module } from '@nestjs/common';
import { ExecutionStatsClient } from './execution-stats.client';
import { ExecutionStatsController } from './execution-stats.controller';

@Module({ controllers: [ExecutionStatsController], providers: [ExecutionStatsClient] })
export class ExecutionStatsModule {}
