import { Module } from '@nestjs/common';
import { MetricsClient } from './metrics.client';
import { MetricsController } from './metrics.controller';

@Module({ controllers: [MetricsController], providers: [MetricsClient] })
export class MetricsModule {}
