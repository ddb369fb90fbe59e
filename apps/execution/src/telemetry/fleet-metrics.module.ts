import { Module } from '@nestjs/common';
import { AdmissionModule } from '../admission/admission.module';
import { ExecutionsModule } from '../executions/executions.module';
import { WorkersModule } from '../workers/workers.module';
import { FleetMetrics } from './fleet-metrics';
import { TelemetryModule } from './telemetry.module';

@Module({ imports: [TelemetryModule, ExecutionsModule, WorkersModule, AdmissionModule], providers: [FleetMetrics] })
export class FleetMetricsModule {}
