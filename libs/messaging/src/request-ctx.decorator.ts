import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { NatsContext } from '@nestjs/microservices';
import type { RequestContext } from '@dspy-nest/platform';
import { contextFromHeaders } from './wire-form';

/** Parameter of a NATS handler: the RequestContext that came in the headers. */
export const RequestCtx = createParamDecorator((_data: unknown, host: ExecutionContext): RequestContext =>
  contextFromHeaders(host.switchToRpc().getContext<NatsContext>().getHeaders()),
);
