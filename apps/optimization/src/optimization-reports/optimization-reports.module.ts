import { Module } from '@nestjs/common';
import { OptimizationsModule } from '../optimizations/optimizations.module';
import { OptimizationReportsHandler } from './optimization-reports.handler';
import { OptimizationReportsRepository } from './optimization-reports.repository';
import { OptimizationReports } from './optimization-reports.service';

@Module({
  imports: [OptimizationsModule],
  controllers: [OptimizationReportsHandler],
  providers: [OptimizationReports, OptimizationReportsRepository],
  exports: [OptimizationReports, OptimizationReportsRepository],
})
export class OptimizationReportsModule {}
