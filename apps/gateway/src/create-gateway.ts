import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { NestLogger, Telemetry, type Logger } from '@dspy-nest/platform';
import { serveDocs } from './docs/docs';
import type { GatewaySettings } from './gateway.config';
import { GatewayModule } from './gateway.module';
import { Drain } from './http/drain';
import { createHttpServer } from './http/http-server';
import { ProblemFilter } from './http/problem.filter';
import { RouteTable } from './http/route-table';
import { strictValidationPipe } from './input/validation.pipe';
import { sendOpenAiError } from './openai-errors/openai-error';
import { OpenApiService } from './openapi/openapi.service';
import { routesDocument, type RoutesDocument } from './openapi/routes-document';

/** A gateway that does not listen yet. */
export interface Gateway {
  app: NestFastifyApplication;
  drain: Drain;
  routes: RouteTable;
  /** Refuses new work, lets what runs finish, then ends all connections. */
  close(): Promise<void>;
}

/** Puts the gateway together. */
export async function createGateway(config: GatewaySettings, logger: Logger): Promise<Gateway> {
  const core = {
    logger,
    telemetry: new Telemetry('gateway'),
    drain: new Drain(),
    introspection: config.DSPY_NEST_INTROSPECTION ?? 'on',
  };
  const routes = new RouteTable();
  const app = await NestFactory.create<NestFastifyApplication>(
    GatewayModule.forRoot(config, core),
    createHttpServer({ ...core, routes }),
    { bodyParser: false, abortOnError: false, logger: new NestLogger(logger) },
  );
  app.useGlobalFilters(new ProblemFilter(logger, routes, [{ below: '/openai/', send: sendOpenAiError }]));
  app.useGlobalPipes(strictValidationPipe());
  let document: RoutesDocument | undefined;
  const described = (): RoutesDocument => (document ??= routesDocument(app));
  app.get(OpenApiService).describeBy(described, () => app.getHttpAdapter().getInstance().listeningOrigin);
  serveDocs(app, () => described().document);
  return {
    app,
    drain: core.drain,
    routes,
    close: async () => {
      core.drain.begin();
      await app.close();
    },
  };
}
