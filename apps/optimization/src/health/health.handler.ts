import { healthOf, STREAMS, type HealthCheck, type ServiceHealthV1 } from '@dspy-nest/contracts';
import { Nats } from '@dspy-nest/messaging';
import { runProbes } from '@dspy-nest/platform';
import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { DataSource } from 'typeorm';

/** Whether the service can do its work: what it needs and whether it is there. */
@Controller()
export class HealthHandler {
  constructor(
    private readonly dataSource: DataSource,
    private readonly nats: Nats,
  ) {}

  @MessagePattern(healthOf('optimization'))
  check(): Promise<ServiceHealthV1> {
    return runProbes('optimization', [
      { name: 'database', check: () => this.database() },
      { name: 'events', check: () => this.events() },
    ]);
  }

  private async database(): Promise<HealthCheck> {
    await this.dataSource.query('SELECT 1 FROM optimization.metrics LIMIT 1');
    return { name: 'database', healthy: true, message: 'The database answers.' };
  }

  private async events(): Promise<HealthCheck> {
    await this.nats.manager.streams.info(STREAMS.events);
    return { name: 'events', healthy: true, message: 'NATS answers and the stream of events is there.' };
  }
}
