import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { AppError, toProblem, type Logger } from '@dspy-nest/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { toAppError } from './framework-errors';
import { HttpError } from './http.errors';
import type { RouteTable } from './route-table';
import { swallowBody } from './unread-body';

/** How errors are told on the routes below a path that speak another protocol. */
export interface ErrorForm {
  readonly below: string;
  readonly send: typeof sendProblem;
}

/** Turns every error of a request into the form of its route; what is not an AppError is logged and told as `internal`. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly logger: Logger,
    private readonly routes: RouteTable,
    private readonly forms: readonly ErrorForm[],
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const error = toAppError(thrown, request, this.routes);
    const { traceId } = request.caller;
    if (!(error instanceof AppError))
      this.logger.error({ err: error, traceId, url: request.url }, 'A request failed unexpectedly.');
    if (reply.sent) return;
    const send = this.forms.find(({ below }) => request.url.startsWith(below))?.send ?? sendProblem;
    void swallowBody(request.raw).then(() => send(reply, error, traceId));
  }
}

/** Answers with the problem document of an error, its headers and `Retry-After` where the error says when. */
export function sendProblem(reply: FastifyReply, error: unknown, traceId: string): FastifyReply {
  const ofTheDoor = error instanceof HttpError ? error : undefined;
  const problem = toProblem(error, ofTheDoor?.traceId ?? traceId);
  if (ofTheDoor !== undefined) reply.headers(ofTheDoor.headers);
  if (typeof problem['retryAfterS'] === 'number') reply.header('retry-after', Math.ceil(problem['retryAfterS']));
  // Bytes: to text Fastify adds a charset, which JSON does not have.
  return reply
    .code(problem.status)
    .type('application/problem+json')
    .send(Buffer.from(JSON.stringify(problem)));
}
