import { Telemetry } from './telemetry';

describe('Telemetry', () => {
  it('gives its metrics as Prometheus text', async () => {
    const telemetry = new Telemetry('shop');
    telemetry.meter.createCounter('sales', { description: 'Things sold.' }).add(3, { kind: 'book' });
    telemetry.meter.createHistogram('wait_seconds').record(0.5);
    const text = await telemetry.metricsText();
    expect(text).toContain('# HELP sales_total Things sold.');
    expect(text).toMatch(/^sales_total\{[^}]*kind="book"[^}]*\} 3$/m);
    expect(text).toMatch(/^wait_seconds_count\S* 1$/m);
    expect(text).toContain('service_name="shop"');
    await telemetry.shutdown();
  });
});
