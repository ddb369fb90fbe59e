import type { ErrorItem } from '@dspy-nest/contracts';
import { toProblem, toWireError } from '@dspy-nest/platform';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { ExecutionNotSucceededError } from '../executions/executions.errors';
import { HttpError } from '../http/http.errors';

/** The header by which OpenAI's clients name a request to their users: the trace of the request. */
export const REQUEST_ID = 'x-request-id';

/** An error as OpenAI's clients read it. */
export const OpenAiError = z.object({
  error: z.object({
    message: z.string(),
    type: z.string(),
    param: z.string().nullable(),
    code: z.string().meta({ description: 'Stable; tell errors apart by it.' }),
    errors: z.array(z.record(z.string(), z.unknown())).meta({ description: 'What is wrong, place by place.' }),
  }),
});
export type OpenAiError = z.infer<typeof OpenAiError>;

/** By what OpenAI's clients choose the class of an error, where that differs from ours. */
const STATUSES: Readonly<Record<number, number>> = { 422: 400 };
const CODES: Readonly<Record<string, string>> = {
  program_not_found: 'model_not_found',
  program_version_not_found: 'model_not_found',
};
const TYPES: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  403: 'permission_error',
  429: 'rate_limit_error',
};

/** The status with which an error of ours is told on the OpenAI route. */
export const openAiStatus = (status: number): number => STATUSES[status] ?? status;

/** The code with which an error of ours is told on the OpenAI route. */
export const openAiCode = (code: string): string => CODES[code] ?? code;

/** Any error in the form of OpenAI. */
export function toOpenAiError(error: unknown, traceId: string): { status: number; body: OpenAiError } {
  const problem = toProblem(error, traceId);
  const status = openAiStatus(problem.status);
  const type = TYPES[status] ?? (status < 500 ? 'invalid_request_error' : 'server_error');
  const { detail: message, errors } = problem;
  return { status, body: { error: { message, type, param: paramOf(errors), code: openAiCode(problem.code), errors } } };
}

/** Answers with an error in the form of OpenAI, and tells its clients, which repeat much by themselves, whether to. */
export function sendOpenAiError(reply: FastifyReply, error: unknown, traceId: string): FastifyReply {
  const trace = (error instanceof HttpError ? error.traceId : undefined) ?? traceId;
  const { status, body } = toOpenAiError(error, trace);
  const { retryAfterS } = toWireError(error).details;
  if (error instanceof HttpError) reply.headers(error.headers);
  if (typeof retryAfterS === 'number') reply.header('retry-after', Math.ceil(retryAfterS));
  return reply
    .code(status)
    .headers({ [REQUEST_ID]: trace, 'x-should-retry': String(isHarmlessToRepeat(reply, error)) })
    .type('application/json')
    .send(Buffer.from(JSON.stringify(body)));
}

/** What has run is not run again by itself, and what may have run only under its key. */
function isHarmlessToRepeat({ request }: FastifyReply, error: unknown): boolean {
  const { code, retryable } = toWireError(error);
  if (!retryable || error instanceof ExecutionNotSucceededError) return false;
  const hasNotRun = code === 'no_worker' || code === 'overloaded' || code === 'too_many_requests';
  return hasNotRun || request.method === 'GET' || request.headers['idempotency-key'] !== undefined;
}

/** `/messages/0/content` as `messages[0].content`. */
function paramOf([first]: readonly ErrorItem[]): string | null {
  if (first === undefined || first.pointer === '') return null;
  return first.pointer
    .slice(1)
    .replace(/\/(\d+)(?=\/|$)/g, '[$1]')
    .replaceAll('/', '.');
}
