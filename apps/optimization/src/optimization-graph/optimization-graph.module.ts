import { Module } from '@nestjs/common';
import { OptimizationDiffsModule } from '../optimization-diffs/optimization-diffs.module';
import { OptimizationPublicationsModule } from '../optimization-publications/optimization-publications.module';
import { OptimizationReportsModule } from '../optimization-reports/optimization-reports.module';
import { OptimizationsModule } from '../optimizations/optimizations.module';
import { OptimizationsResolver } from './optimizations.resolver';

@Module({
  imports: [OptimizationsModule, OptimizationReportsModule, OptimizationDiffsModule, OptimizationPublicationsModule],
  providers: [OptimizationsResolver],
})
export class OptimizationGraphModule {}
