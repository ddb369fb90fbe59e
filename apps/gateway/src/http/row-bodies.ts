import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { UnsupportedMediaTypeError } from './http.errors';

const TAKES_ROWS = 'takesRows';
const NDJSON = 'application/x-ndjson';

/** A route whose bodies are rows: a JSON array, or lines that it reads itself as they come. */
export const TakesRows = (): MethodDecorator => RouteConfig({ [TAKES_ROWS]: true });

/** Whether the route of a request is marked so. */
export function takesRows({ routeOptions }: Pick<FastifyRequest, 'routeOptions'>): boolean {
  return (routeOptions.config as unknown as Record<string, unknown>)[TAKES_ROWS] === true;
}

/** Gives bodies of lines unread to the routes that take rows; others refuse them. */
export function letRowsIn(server: FastifyInstance): void {
  server.addContentTypeParser([NDJSON, 'application/jsonl'], (request, body, done) => {
    if (takesRows(request)) done(null, body);
    else done(new UnsupportedMediaTypeError(request.headers['content-type']));
  });
}
