import { Module } from '@nestjs/common';
import { OptimizationsModule } from '../optimizations/optimizations.module';
import { OptimizationDiffsHandler } from './optimization-diffs.handler';
import { OptimizationDiffs } from './optimization-diffs.service';

@Module({
  imports: [OptimizationsModule],
  controllers: [OptimizationDiffsHandler],
  providers: [OptimizationDiffs],
  exports: [OptimizationDiffs],
})
export class OptimizationDiffsModule {}
