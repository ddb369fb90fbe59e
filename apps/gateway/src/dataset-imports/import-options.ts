import { applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiQuery } from '@nestjs/swagger';
import { OnInvalidRow, PREVIEW_MAX_ROWS } from '@dspy-nest/contracts';
import { fromZodError } from '@dspy-nest/platform';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';

const COLUMNS_MAX = 200;
const PREVIEW_ROWS = 20;
const COLUMN = /^([A-Za-z_][A-Za-z0-9_]{0,127}):(.{1,200})$/s;

const Columns = z
  .preprocess(
    (given) => (typeof given === 'string' ? [given] : given),
    z
      .array(z.string().regex(COLUMN, { error: 'must be the name of a field, ":" and the name of a column' }))
      .max(COLUMNS_MAX),
  )
  .transform((pairs) => new Map(pairs.map((pair) => COLUMN.exec(pair)!).map(([, field, column]) => [field!, column!])));
const Flag = z.enum(['true', 'false']).transform((text) => text === 'true');
const Rows = z.preprocess(
  (given) => (typeof given === 'string' && /^\d{1,9}$/.test(given) ? Number(given) : given),
  z.int().min(1).max(PREVIEW_MAX_ROWS),
);

const ImportQueryV1 = z.strictObject({
  onInvalid: OnInvalidRow.default('refuse'),
  dryRun: Flag.default(false),
  column: Columns.optional(),
});
const PreviewQueryV1 = z.strictObject({ limit: Rows.default(PREVIEW_ROWS), column: Columns.optional() });

/** What a request says about a file that is imported. */
export type ImportOptions = z.infer<typeof ImportQueryV1>;

/** What a request says about a file that is looked at. */
export type PreviewOptions = z.infer<typeof PreviewQueryV1>;

/** The options in a query: `?onInvalid=&dryRun=&column=`. */
export const ImportQuery = createParamDecorator((_: unknown, host: ExecutionContext): ImportOptions =>
  parsed(ImportQueryV1, host),
);

/** The options in a query: `?limit=&column=`. */
export const PreviewQuery = createParamDecorator((_: unknown, host: ExecutionContext): PreviewOptions =>
  parsed(PreviewQueryV1, host),
);

/** Throws ValidationFailedError that names every bad parameter. */
function parsed<T>(type: z.ZodType<T>, host: ExecutionContext): T {
  const result = type.safeParse(host.switchToHttp().getRequest<FastifyRequest>().query);
  if (result.success) return result.data;
  throw fromZodError(result.error);
}

const ApiColumn = ApiQuery({
  name: 'column',
  required: false,
  description:
    'Which column, or member of a line, a field is read from: `<field>:<column>`, once for each; only these are read then. Else ' +
    'each column has the name of a field, or is `split`.',
  schema: { type: 'array', maxItems: COLUMNS_MAX, items: { type: 'string', pattern: COLUMN.source } },
});

/** Documents the options of an import. */
export function ApiImportOptions(): MethodDecorator {
  return applyDecorators(
    ApiQuery({
      name: 'onInvalid',
      required: false,
      description: 'Whether one bad row refuses all (the default), or is left out and told.',
      enum: OnInvalidRow.options,
    }),
    ApiQuery({
      name: 'dryRun',
      required: false,
      description: 'Only tells what would become of the rows.',
      schema: { type: 'boolean', default: false },
    }),
    ApiColumn,
  );
}

/** Documents the options of a preview. */
export function ApiPreviewOptions(): MethodDecorator {
  const schema = { type: 'integer', minimum: 1, maximum: PREVIEW_MAX_ROWS, default: PREVIEW_ROWS } as const;
  return applyDecorators(
    ApiQuery({ name: 'limit', required: false, description: 'How many rows.', schema }),
    ApiColumn,
  );
}
