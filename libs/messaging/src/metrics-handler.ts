import { randomUUID } from 'node:crypto';
import { metricsOf } from '@dspy-nest/contracts';
import { Telemetry } from '@dspy-nest/platform';
import { Controller, Get, Header, type Type } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';

/** Answers with the metrics of a replica: by HTTP on its own port, and by NATS for the gateway, which asks all replicas at once. */
export function metricsHandler(service: string): Type {
  @Controller()
  class MetricsHandler {
    constructor(private readonly telemetry: Telemetry) {}

    // A queue of its own: replicas that share one would answer in turn, and counters would seem to go back and forth.
    @MessagePattern(metricsOf(service), { queue: randomUUID() })
    answer(): Promise<string> {
      return this.telemetry.metricsText();
    }

    @Get('metrics')
    @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
    read(): Promise<string> {
      return this.telemetry.metricsText();
    }
  }
  return MetricsHandler;
}
