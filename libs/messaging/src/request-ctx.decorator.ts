import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { NatsContext } from '@nestjs/microservices';
import type { RequestContext } from '@dspy-nest/platform';
import { contextFromHeaders, publicContext } from './wire-form';

/** Parameter of a NATS handler: the RequestContext that came in the headers. */
export const RequestCtx = createParamDecorator((_data: unknown, host: ExecutionContext): RequestContext =>
  contextFromHeaders(host.switchToRpc().getContext<NatsContext>().getHeaders()),
);

/** Parameter of the handler of a public request: the RequestContext of the tenant that the subject names. */
export const PublicRequestCtx = createParamDecorator((_data: unknown, host: ExecutionContext): RequestContext => {
  const nats = host.switchToRpc().getContext<NatsContext>();
  return publicContext(nats.getSubject(), nats.getHeaders());
});
