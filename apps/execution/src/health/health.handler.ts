import { type HealthCheck, STREAMS, type ServiceHealthV1, healthOf } from '@dspy-nest/contracts';
import { Nats } from '@dspy-nest/messaging';
import { runProbes } from '@dspy-nest/platform';
import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { DataSource } from 'typeorm';
import { DEFAULT_POOL } from '../dispatch/replica';
import { WorkersService } from '../workers/workers.service';

/** Whether this service can do its work: what it needs and whether it is there. */
@Controller()
export class HealthHandler {
  constructor(
    private readonly dataSource: DataSource,
    private readonly nats: Nats,
    private readonly workers: WorkersService,
  ) {}

  @MessagePattern(healthOf('execution'))
  check(): Promise<ServiceHealthV1> {
    return runProbes('execution', [
      { name: 'database', check: () => this.database() },
      { name: 'jobs', check: () => this.jobs() },
      { name: 'workers', check: () => Promise.resolve(this.fleet()) },
    ]);
  }

  private async database(): Promise<HealthCheck> {
    await this.dataSource.query('SELECT 1');
    return { name: 'database', healthy: true, message: 'The database answers.' };
  }

  private async jobs(): Promise<HealthCheck> {
    await this.nats.manager.streams.info(STREAMS.jobs);
    return { name: 'jobs', healthy: true, message: 'The work queue is there.' };
  }

  private fleet(): HealthCheck {
    if (this.workers.isServed(DEFAULT_POOL)) return { name: 'workers', healthy: true, message: 'A worker takes work.' };
    return {
      name: 'workers',
      healthy: false,
      message: `No worker of pool "${DEFAULT_POOL}" is alive.`,
      remedy: 'Start a Python worker with NATS_URL set to this NATS, or raise DSPY_NEST_WORKERS.',
    };
  }
}
