import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { codeSamplesPlugin } from './code-samples-plugin';

/** The page of Swagger UI styles itself inline; scripts come from files only. */
const DOCS_HEADERS = {
  'content-security-policy':
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'",
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
};

/** Serves, from files of this installation, a page at `/docs` that shows `/openapi.json`. */
export function serveDocs(app: NestFastifyApplication, document: () => OpenAPIObject): void {
  const server = app.getHttpAdapter().getInstance();
  server.addHook('onRequest', (request, reply, done) => {
    if (request.url.startsWith('/docs')) reply.headers(DOCS_HEADERS);
    done();
  });
  SwaggerModule.setup('docs', app, document, {
    raw: false,
    customSiteTitle: 'DSPy-Nest API',
    // Without `spec` the page asks for what is there now.
    swaggerOptions: {
      validatorUrl: null,
      spec: null,
      url: '/openapi.json',
      plugins: [codeSamplesPlugin],
      tryItOutEnabled: true,
      displayRequestDuration: true,
      docExpansion: 'none',
      filter: true,
    },
  });
}
