import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { RequestContext } from '@dspy-nest/platform';
import type { FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    /** For whom and under which trace the request runs; set before anything else looks at it. */
    caller: RequestContext;
  }
}

/** The RequestContext of the HTTP request. */
export const Caller = createParamDecorator(
  (_: unknown, host: ExecutionContext): RequestContext => host.switchToHttp().getRequest<FastifyRequest>().caller,
);
