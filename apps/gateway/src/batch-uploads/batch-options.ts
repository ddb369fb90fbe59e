import { applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiQuery } from '@nestjs/swagger';
import {
  AdapterName,
  BatchCreateV1,
  FormatName,
  RETRIES_MAX,
  TIMEOUT_DEFAULT_MS,
  TIMEOUT_MAX_MS,
} from '@dspy-nest/contracts';
import { fromZodError } from '@dspy-nest/platform';
import type { FastifyRequest } from 'fastify';
import { VERSION_SCHEMA } from '../input/version-parameter';

const OptionsV1 = BatchCreateV1.omit({ id: true, program: true });
const NUMBERS = ['version', 'timeoutMs', 'maxRetries'];
const INTEGER = /^\d{1,9}$/;

/** What a request says about all executions of a batch, beside the rows. */
export type BatchOptions = Omit<BatchCreateV1, 'id' | 'program'>;

/** The options in a query: `?name=&version=&model=&adapter=&format=&timeoutMs=&maxRetries=`. */
export const BatchQuery = createParamDecorator((_: unknown, host: ExecutionContext): BatchOptions =>
  parseBatchOptions(host.switchToHttp().getRequest<FastifyRequest>().query as Record<string, string | string[]>),
);

/** Reads a flat query; throws ValidationFailedError that names every bad parameter. */
export function parseBatchOptions(query: Record<string, string | string[]>): BatchOptions {
  const given = Object.entries(query).map(([name, value]) => {
    const isNumber = NUMBERS.includes(name) && typeof value === 'string' && INTEGER.test(value);
    return [name, isNumber ? Number(value) : value] as const;
  });
  const parsed = OptionsV1.safeParse(Object.fromEntries(given));
  if (parsed.success) return parsed.data;
  throw fromZodError(parsed.error);
}

/** Documents the options. */
export function ApiBatchOptions(): MethodDecorator {
  const option = (name: keyof BatchOptions, description: string, schema: object): MethodDecorator =>
    ApiQuery({ name, required: false, description, schema });
  const integer = (minimum: number, maximum: number): object => ({ type: 'integer', minimum, maximum });
  return applyDecorators(
    option('name', 'What the batch is called in lists.', { type: 'string', minLength: 1, maxLength: 200 }),
    option('version', 'A version, instead of the published one.', VERSION_SCHEMA),
    option('model', 'The name of a model, instead of that of the program.', {
      type: 'string',
      pattern: '^[a-z][a-z0-9._-]{0,62}$',
    }),
    option('adapter', 'Where to run, instead of where the program says.', { enum: AdapterName.options }),
    option('format', 'How to ask the model, instead of how the program says.', { enum: FormatName.options }),
    option(
      'timeoutMs',
      `The total time of each row in milliseconds, ${TIMEOUT_DEFAULT_MS} unless the program says otherwise.`,
      {
        ...integer(1, TIMEOUT_MAX_MS),
      },
    ),
    option('maxRetries', 'How often a model may be asked again for a row.', integer(0, RETRIES_MAX)),
  );
}
