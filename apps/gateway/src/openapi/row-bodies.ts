import type { OpenAPIObject } from '@nestjs/swagger';

const ROWS_PATH = '/v1/programs/{name}/batches';
const LINES = {
  schema: { type: 'object', description: 'A line, of which there may be many: the inputs of one execution.' },
  example: { ticket: 'My card was charged twice' },
} as const;

/** Documents that rows may also come as lines, which the decorators of a route cannot say: they know one schema for a body. */
export function addRowBodies({ paths }: OpenAPIObject): void {
  const body = paths[ROWS_PATH]?.post?.requestBody;
  if (body !== undefined && 'content' in body) body.content['application/x-ndjson'] = LINES;
}
