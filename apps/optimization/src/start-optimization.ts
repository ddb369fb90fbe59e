import { natsTransport, WireErrorFilter } from '@dspy-nest/messaging';
import { NestLogger, type Logger } from '@dspy-nest/platform';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { OptimizationModule } from './optimization.module';
import type { OptimizationSettings } from './optimization.settings';

const BODY_LIMIT_BYTES = 1_048_576;

/**
 * Starts one replica: GraphQL on a free port of this host, requests over NATS. NATS begins last, since the answer to who asks
 * for the subgraph names the port.
 */
export async function startOptimization(
  settings: OptimizationSettings,
  logger: Logger,
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({ bodyLimit: BODY_LIMIT_BYTES });
  const app = await NestFactory.create<NestFastifyApplication>(OptimizationModule.forRoot(settings, logger), adapter, {
    logger: new NestLogger(logger),
    abortOnError: false,
  });
  // Before the handlers are bound, which connecting does.
  app.useGlobalFilters(new WireErrorFilter());
  app.connectMicroservice(natsTransport(settings.NATS_URL, 'optimization'), { inheritAppConfig: true });
  await app.listen(0, '127.0.0.1');
  await app.startAllMicroservices();
  return app;
}
