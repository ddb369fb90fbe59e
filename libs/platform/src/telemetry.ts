import type { Meter } from '@opentelemetry/api';
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider } from '@opentelemetry/sdk-metrics';

/** The metrics of one process, read as Prometheus text; opens no port of its own. */
export class Telemetry {
  readonly meter: Meter;
  private readonly reader = new PrometheusExporter({ preventServerStart: true });
  private readonly serializer = new PrometheusSerializer();
  private readonly provider: MeterProvider;

  constructor(service: string) {
    this.provider = new MeterProvider({
      resource: resourceFromAttributes({ 'service.name': service }),
      readers: [this.reader],
    });
    this.meter = this.provider.getMeter('dspy-nest');
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
