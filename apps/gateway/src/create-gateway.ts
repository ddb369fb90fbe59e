import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { NestLogger, Telemetry, type Logger } from '@dspy-nest/platform';
import { serveDocs } from './docs/docs';
import type { GatewayConfig } from './gateway.config';
import { GatewayModule } from './gateway.module';
import { Drain } from './http/drain';
import { createHttpServer } from './http/http-server';
import { ProblemFilter } from './http/problem.filter';
import { RouteTable } from './http/route-table';
import { strictValidationPipe } from './input/validation.pipe';

/** A gateway that does not listen yet. */
export interface Gateway {
  app: NestFastifyApplication;
  drain: Drain;
  /** Refuses new work, lets what runs finish, then ends all connections. */
  close(): Promise<void>;
}

/** Puts the gateway together. */
export async function createGateway(
  config: Pick<GatewayConfig, 'NATS_URL' | 'REDIS_URL'>,
  logger: Logger,
): Promise<Gateway> {
  const core = { logger, telemetry: new Telemetry('gateway'), drain: new Drain() };
  const routes = new RouteTable();
  const app = await NestFactory.create<NestFastifyApplication>(
    GatewayModule.forRoot(config, core),
    createHttpServer({ ...core, routes }),
    { bodyParser: false, abortOnError: false, logger: new NestLogger(logger) },
  );
  app.useGlobalFilters(new ProblemFilter(logger, routes));
  app.useGlobalPipes(strictValidationPipe());
  serveDocs(app);
  return {
    app,
    drain: core.drain,
    close: async () => {
      core.drain.begin();
      await app.close();
    },
  };
}
