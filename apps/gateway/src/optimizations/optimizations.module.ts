import { Module } from '@nestjs/common';
import { OptimizationsClient } from './optimizations.client';
import { OptimizationsController } from './optimizations.controller';

@Module({ controllers: [OptimizationsController], providers: [OptimizationsClient], exports: [OptimizationsClient] })
export class OptimizationsModule {}
