import { z } from 'zod';

/** A zod schema as it stands in OpenAPI, whose document says once which dialect its schemas are in. */
export function openApiSchema(schema: z.ZodType, io: 'input' | 'output' = 'output'): Record<string, unknown> {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io });
  return rest;
}
