import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ExecutionStatsGetV1 } from '@dspy-nest/contracts';
import { fromZodError } from '@dspy-nest/platform';
import type { FastifyRequest } from 'fastify';

const INTEGER = /^\d{1,9}$/;

/** The numbers a request asks for: `?from=&to=&by=version,model&interval=hour&program=&version=&model=`. */
export const StatsQuery = createParamDecorator((_: unknown, host: ExecutionContext): ExecutionStatsGetV1 =>
  parseStatsQuery(host.switchToHttp().getRequest<FastifyRequest>().query as Record<string, string | string[]>),
);

/** Reads a flat query; throws ValidationFailedError that names every bad parameter. */
export function parseStatsQuery({ by, version, ...others }: Record<string, string | string[]>): ExecutionStatsGetV1 {
  const parsed = ExecutionStatsGetV1.safeParse({
    ...others,
    ...(by !== undefined && { by: typeof by === 'string' ? by.split(',') : by }),
    ...(version !== undefined && { version: INTEGER.test(String(version)) ? Number(version) : version }),
  });
  if (parsed.success) return parsed.data;
  throw fromZodError(parsed.error);
}
