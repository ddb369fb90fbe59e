import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { UnsupportedMediaTypeError } from './http.errors';

const TAKES_ROWS = 'takesRows';
/** The content types of rows as lines of JSON, and as cells. */
export const NDJSON = 'application/x-ndjson';
export const JSONL = 'application/jsonl';
export const CSV = 'text/csv';

/** A route whose bodies are rows: a JSON array, or a text of these content types that it reads itself as it comes. */
export const TakesRows = (...types: string[]): MethodDecorator => RouteConfig({ [TAKES_ROWS]: types });

/** Whether the route of a request is marked so. */
export function takesRows({ routeOptions }: Pick<FastifyRequest, 'routeOptions'>): boolean {
  return rowTypes(routeOptions) !== undefined;
}

function rowTypes({ config }: FastifyRequest['routeOptions']): readonly string[] | undefined {
  return (config as unknown as Record<string, readonly string[] | undefined>)[TAKES_ROWS];
}

/** Gives such bodies unread to the routes that take them; others refuse them. */
export function letRowsIn(server: FastifyInstance): void {
  for (const type of [NDJSON, JSONL, CSV]) {
    server.addContentTypeParser(type, (request, body, done) => {
      if (rowTypes(request.routeOptions)?.includes(type)) done(null, body);
      else done(new UnsupportedMediaTypeError(request.headers['content-type']));
    });
  }
}
