import { ServiceUnavailableError } from './errors';
import { runProbes, type HealthProbe } from './health';

const probe = (name: string, check: HealthProbe['check']): HealthProbe => ({ name, check });
const healthy = (name: string) => ({ name, healthy: true, message: 'fine' });

describe('runProbes', () => {
  it('asks all at once and keeps their order', async () => {
    let second: (() => void) | undefined;
    const first = probe('first', () => new Promise((resolve) => (second = () => resolve(healthy('first')))));
    const last = probe('last', () => {
      second?.();
      return Promise.resolve(healthy('last'));
    });
    expect(await runProbes('shop', [first, last])).toEqual({
      service: 'shop',
      checks: [healthy('first'), healthy('last')],
    });
  });

  it('counts an error and a late answer as unhealthy, without unknown texts', async () => {
    const { checks } = await runProbes(
      'shop',
      [
        probe('known', () => Promise.reject(new ServiceUnavailableError('No answer from the database.'))),
        probe('unknown', () => Promise.reject(new Error('hunter2'))),
        probe('late', () => new Promise(() => undefined)),
        probe('good', () => Promise.resolve(healthy('good'))),
      ],
      20,
    );
    expect(checks.map(({ healthy: isHealthy }) => isHealthy)).toEqual([false, false, false, true]);
    expect(checks[0]?.message).toContain('No answer from the database.');
    expect(checks[1]?.message).not.toContain('hunter2');
    expect(checks[2]?.message).toContain('within 20 ms');
  });
});
