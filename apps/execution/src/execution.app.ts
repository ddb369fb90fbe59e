import { IMAGE_BODY_MAX_BYTES } from '@dspy-nest/contracts';
import { WireErrorFilter, natsTransport } from '@dspy-nest/messaging';
import { type Logger, NestLogger, createLogger } from '@dspy-nest/platform';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { ExecutionConfig } from './execution.config';
import { ExecutionModule } from './execution.module';

/** Starts a replica: NATS handlers, and the GraphQL subgraph on a free loopback port. */
export async function createExecutionApp(
  config: ExecutionConfig,
  logger: Logger = createLogger('execution', config.LOG_LEVEL),
): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(
    ExecutionModule.forRoot(config, logger),
    // The gateway has seen to its callers' limits; it sends them on with a document of its own.
    new FastifyAdapter({ bodyLimit: 2 * IMAGE_BODY_MAX_BYTES }),
    { logger: new NestLogger(logger), abortOnError: false },
  );
  // Before the transport is connected: what comes later its handlers do not have.
  app.useGlobalFilters(new WireErrorFilter());
  app.connectMicroservice(natsTransport(config.NATS_URL, 'execution'), { inheritAppConfig: true });
  await app.listen(0, '127.0.0.1');
  await app.startAllMicroservices();
  logger.info('The execution service is ready.');
  return app;
}
