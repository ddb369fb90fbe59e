import { joinMetricsTexts } from './prometheus-text';
import { Telemetry } from './telemetry';

describe('Telemetry', () => {
  it('gives its metrics as Prometheus text, with whose they are on every sample', async () => {
    const telemetry = new Telemetry('shop', 'here:1');
    telemetry.meter.createCounter('sales', { description: 'Things sold.' }).add(3, { kind: 'book' });
    telemetry.meter.createHistogram('wait_seconds').record(0.5);
    const text = await telemetry.metricsText();
    expect(text).toContain('# HELP sales_total Things sold.');
    expect(text).toContain('sales_total{kind="book",service="shop",instance="here:1"} 3\n');
    expect(text).toContain('wait_seconds_count{service="shop",instance="here:1"} 1\n');
    const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    for (const sample of samples) expect(sample).toMatch(/service="shop",instance="here:1"[^}]*\} \S+$/);
    await telemetry.shutdown();
  });

  it('measures the process', async () => {
    const telemetry = new Telemetry('shop', 'here:1');
    const text = await telemetry.metricsText();
    const value = (name: string): number => Number(new RegExp(`^${name}\\{.*\\} (\\S+)$`, 'm').exec(text)?.[1]);
    expect(value('process_resident_memory_bytes')).toBeGreaterThan(1e7);
    expect(value('process_cpu_seconds_total')).toBeGreaterThan(0.01);
    expect(value('nodejs_eventloop_busy_seconds_total')).toBeGreaterThan(0);
    await telemetry.shutdown();
  });

  it('can stand in one text with the metrics of other processes', async () => {
    const processes = [new Telemetry('shop', 'a:1'), new Telemetry('shop', 'b:1')];
    const joined = joinMetricsTexts(await Promise.all(processes.map((each) => each.metricsText())));
    expect(joined.match(/^# TYPE process_resident_memory_bytes gauge$/gm)).toHaveLength(1);
    expect(joined.match(/^process_resident_memory_bytes\{/gm)).toHaveLength(2);
    for (const each of processes) await each.shutdown();
  });
});
