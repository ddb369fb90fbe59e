import { metricsOf } from '@dspy-nest/contracts';
import { newContext } from '@dspy-nest/platform';
import { RegistryUnderTest } from './registry-under-test';

describe('the metrics of the registry', () => {
  let registry: RegistryUnderTest;

  beforeAll(async () => {
    registry = await RegistryUnderTest.start({ replicas: 0 });
  });
  afterAll(() => registry.stop());

  it('are told to who asks all replicas, and by each on its own port', async () => {
    const replica = await registry.addReplica();
    const texts = await registry.client.requestAll<string>(
      newContext(),
      metricsOf('registry'),
      {},
      { timeoutMs: 5_000 },
    );
    // Replicas of one process are one instance.
    expect(texts).toEqual([expect.stringMatching(/^process_resident_memory_bytes\{service="registry",/m) as string]);
    const response = await fetch(`${await replica.getUrl()}/metrics`);
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(await response.text()).toContain('# TYPE process_cpu_seconds_total counter');
  });
});
