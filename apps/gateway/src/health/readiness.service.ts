import { Injectable } from '@nestjs/common';
import { healthOf, type HealthCheck, type ServiceHealthV1 } from '@dspy-nest/contracts';
import { Nats, RequestClient } from '@dspy-nest/messaging';
import { newContext, runProbes, type HealthProbe } from '@dspy-nest/platform';
import { GraphqlService } from '../graphql/graphql.service';
import { Drain } from '../http/drain';
import { RedisProbe } from './redis.probe';
import { SERVICES } from '../services';

const SERVICE_TIMEOUT_MS = 1_500;
const PROBES_TIMEOUT_MS = 2_000;

/** Whether work is possible: asks the servers and services, each for a short time only. */
@Injectable()
export class ReadinessService {
  constructor(
    private readonly nats: Nats,
    private readonly requests: RequestClient,
    private readonly graphql: GraphqlService,
    private readonly redis: RedisProbe,
    private readonly drain: Drain,
  ) {}

  /** The checks of the gateway alone, for probes of its process. */
  async checkGateway(): Promise<HealthCheck[]> {
    const probes = [this.drainProbe(), this.natsProbe(), this.schemaProbe()];
    return (await runProbes('gateway', probes, PROBES_TIMEOUT_MS)).checks;
  }

  /** The checks of everything that has to be there before an execution can succeed. */
  async checkAll(): Promise<HealthCheck[]> {
    const [gateway, redis, ...services] = await Promise.all([
      this.checkGateway(),
      runProbes('gateway', [this.redis], PROBES_TIMEOUT_MS),
      ...SERVICES.map((service) => this.checkService(service)),
    ]);
    return [...gateway, ...redis.checks, ...services.flat()];
  }

  private async checkService(service: string): Promise<HealthCheck[]> {
    try {
      const health = await this.requests.request<ServiceHealthV1>(
        newContext(),
        healthOf(service),
        {},
        { timeoutMs: SERVICE_TIMEOUT_MS },
      );
      return health.checks.map((check) => ({ ...check, name: `${service}.${check.name}` }));
    } catch {
      const message = `The service "${service}" does not answer.`;
      const remedy = `Start the ${service} service, or see its log for why it does not answer.`;
      return [{ name: service, healthy: false, message, remedy }];
    }
  }

  private drainProbe(): HealthProbe {
    return probe('accepting', () =>
      this.drain.draining ? ['The gateway is stopping.', 'Send requests to another replica.'] : [],
    );
  }

  private natsProbe(): HealthProbe {
    const problem = ['NATS is not connected.', 'Start NATS, or correct NATS_URL.'];
    return probe('nats', () => (this.nats.isConnected() ? [] : problem));
  }

  private schemaProbe(): HealthProbe {
    const remedy = 'Start the services whose schemas are missing, or correct the schemas named.';
    return probe('schema', () => (this.graphql.problem === undefined ? [] : [this.graphql.problem, remedy]));
  }
}

/** A probe of this process: healthy unless `judge` says what is wrong and how to mend it. */
function probe(name: string, judge: () => string[]): HealthProbe {
  return {
    name,
    check: () => {
      const [message, remedy] = judge();
      if (message === undefined) return Promise.resolve({ name, healthy: true, message: 'ok' });
      return Promise.resolve({ name, healthy: false, message, ...(remedy !== undefined && { remedy }) });
    },
  };
}
