import { hostname } from 'node:os';
import type { Meter } from '@opentelemetry/api';
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { measureProcess } from './process-metrics';

/** Labels of every sample, so that those of several processes can stand in one text. */
const OF_THE_PROCESS = /^(service|instance)$/;

/** The metrics of one process, read as Prometheus text; opens no port of its own. */
export class Telemetry {
  readonly meter: Meter;
  private readonly reader = new PrometheusExporter({ preventServerStart: true });
  private readonly serializer = new PrometheusSerializer('', false, OF_THE_PROCESS, true, true);
  private readonly provider: MeterProvider;

  constructor(service: string, instance = `${hostname()}:${process.pid}`) {
    this.provider = new MeterProvider({
      resource: resourceFromAttributes({ service, instance }),
      readers: [this.reader],
    });
    this.meter = this.provider.getMeter('dspy-nest');
    measureProcess(this.meter);
  }

  /** All metrics now, in the text format of Prometheus. */
  async metricsText(): Promise<string> {
    const { resourceMetrics } = await this.reader.collect();
    return this.serializer.serialize(resourceMetrics);
  }

  /** Ends the collection. */
  async shutdown(): Promise<void> {
    await this.provider.shutdown();
  }
}
