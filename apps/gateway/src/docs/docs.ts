import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { contractSchemas } from './contract-schemas';

/** The page of Swagger UI styles itself inline; scripts come from files only. */
const DOCS_HEADERS = {
  'content-security-policy':
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'",
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
};

/** Serves `/openapi.json` and, from files of this installation, `/docs`. */
export function serveDocs(app: NestFastifyApplication): void {
  const server = app.getHttpAdapter().getInstance();
  server.addHook('onRequest', (request, reply, done) => {
    if (request.url.startsWith('/docs')) reply.headers(DOCS_HEADERS);
    done();
  });
  SwaggerModule.setup('docs', app, () => openApiDocument(app), {
    jsonDocumentUrl: 'openapi.json',
    raw: ['json'],
    customSiteTitle: 'DSPy-Nest API',
    swaggerOptions: { validatorUrl: null },
  });
}

/** The OpenAPI 3.1 description of all routes. */
export function openApiDocument(app: NestFastifyApplication): OpenAPIObject {
  const base = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('DSPy-Nest')
    .setDescription('Typed, versioned, observable services from DSPy programs. Errors are RFC 9457 problems.')
    .setVersion('1')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addTag('signatures', 'What goes into a program and what comes out')
    .addTag('programs', 'A signature and how it is run, in immutable versions')
    .addTag('executions', 'Programs, run')
    .addTag('dead letters', 'Jobs that the fleet gave up, kept until somebody looks')
    .addTag('models', 'Language models behind OpenAI-compatible endpoints')
    .addTag('workers', 'The processes that run DSPy')
    .addTag('graphql', 'All of it in one federated graph')
    .addTag('operations', 'Probes and metrics')
    .build();
  const document = SwaggerModule.createDocument(app, base, { operationIdFactory: toOperationId });
  const schemas = { ...document.components?.schemas, ...contractSchemas() };
  return { ...document, components: { ...document.components, schemas } };
}

function toOperationId(controller: string, method: string): string {
  const resource = controller.replace(/Controller$/, '');
  return `${method}${resource}`;
}
