import type { HealthCheck, ServiceHealthV1 } from '@dspy-nest/contracts';
import { AppError } from './errors';

const TIMEOUT_MS_DEFAULT = 2_000;

/** Looks at one thing a service needs; may throw, which counts as unhealthy. */
export interface HealthProbe {
  readonly name: string;
  check(): Promise<HealthCheck>;
}

/** Runs all probes at once; one that throws or takes longer than `timeoutMs` is unhealthy. */
export async function runProbes(
  service: string,
  probes: readonly HealthProbe[],
  timeoutMs = TIMEOUT_MS_DEFAULT,
): Promise<ServiceHealthV1> {
  return { service, checks: await Promise.all(probes.map((probe) => runProbe(probe, timeoutMs))) };
}

async function runProbe(probe: HealthProbe, timeoutMs: number): Promise<HealthCheck> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<HealthCheck>((resolve) => {
    timer = setTimeout(() => resolve(unhealthy(probe, `no answer within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    return await Promise.race([probe.check(), late]);
  } catch (error) {
    return unhealthy(probe, error instanceof AppError ? error.message : 'the check failed; the log has the details');
  } finally {
    clearTimeout(timer);
  }
}

function unhealthy(probe: HealthProbe, message: string): HealthCheck {
  return { name: probe.name, healthy: false, message: `${probe.name}: ${message}` };
}
