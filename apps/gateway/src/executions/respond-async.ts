import type { ExecutionV1 } from '@dspy-nest/contracts';
import { ApiHeader } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ExecutionNotSucceededError, executionPath } from './executions.errors';

const RESPOND_ASYNC = /(?:^|[,;\s])respond-async(?:$|[,;\s])/i;

/** Whether a `Prefer` header asks for an answer before the outcome. */
export function asksToRespondAsync(prefer: string | undefined): boolean {
  return prefer !== undefined && RESPOND_ASYNC.test(prefer);
}

/** Documents the header by which a caller asks not to wait. */
export function ApiPrefer(): MethodDecorator {
  return ApiHeader({
    name: 'Prefer',
    required: false,
    description: '`respond-async`; other preferences have no effect.',
    schema: { type: 'string' },
  });
}

/** Answers with an execution, once it has ended or, without waiting, with where to read it. Throws ExecutionNotSucceededError. */
export async function answerWithExecution(reply: FastifyReply, execution: ExecutionV1, wait: boolean): Promise<void> {
  if (wait && execution.status !== 'succeeded') throw new ExecutionNotSucceededError(execution);
  if (!wait) reply.headers({ location: executionPath(execution.id), 'preference-applied': 'respond-async' });
  await reply.code(wait ? 200 : 202).send(execution);
}
