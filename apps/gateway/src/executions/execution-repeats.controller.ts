import { Controller, Headers, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { ErrorCode } from '@dspy-nest/contracts';
import type { RequestContext } from '@dspy-nest/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiAccepted, ApiAnswer, ApiProblems } from '../docs/api-answers';
import { EXECUTION_EXAMPLE } from '../docs/examples';
import { ApiIdempotencyKey, IDEMPOTENCY_PROBLEMS, KeyedCaller } from '../http/idempotency-key';
import { executionId } from '../input/path-names';
import { ExecutionsClient } from './executions.client';
import { answerWithExecution, ApiPrefer, asksToRespondAsync } from './respond-async';

const NOT_FOUND: ErrorCode[] = ['execution_not_found', 'program_not_found', 'program_version_not_found'];
const NOT_NOW: ErrorCode[] = ['overloaded', 'too_many_requests', 'no_worker'];
const NOT_SUCCEEDED: ErrorCode[] = ['cancelled', 'output_invalid', 'worker_unexpected', 'worker_crashed'];
const RERUN_REFUSED: ErrorCode[] = [
  'model_not_found',
  'invalid_inputs',
  'unsupported_option',
  'model_error',
  'model_unavailable',
];
@ApiTags('executions')
@Controller('v1/executions')
export class ExecutionRepeatsController {
  constructor(private readonly executions: ExecutionsClient) {}

  @Post(':id/rerun')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Run an execution again',
    description:
      'The same program version, inputs, model and settings with new model calls, as an execution of its own that names the ' +
      'first in `rerunOf`. Waits for the outcome, unless `Prefer: respond-async` is sent; whoever hangs up cancels it, unless ' +
      'there is an `Idempotency-Key`.',
  })
  @ApiPrefer()
  @ApiIdempotencyKey()
  @ApiAnswer(200, 'Execution', 'The execution succeeded.', { example: EXECUTION_EXAMPLE })
  @ApiAccepted()
  @ApiProblems(...NOT_FOUND, ...RERUN_REFUSED, ...IDEMPOTENCY_PROBLEMS, ...NOT_NOW, ...NOT_SUCCEEDED)
  async rerun(
    @KeyedCaller() ctx: RequestContext,
    @Param('id', executionId) id: string,
    @Headers('prefer') prefer: string | undefined,
    @Req() { raw }: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const wait = !asksToRespondAsync(prefer);
    await answerWithExecution(reply, await this.executions.rerun(ctx, id, wait ? raw.socket : undefined), wait);
  }

  @Post(':id/replay')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Replay an execution',
    description:
      'Runs it on any worker with the model answers that were recorded, without a model: the outputs are the same, byte for ' +
      'byte, or the replay fails with `replay_diverged`. The new execution names the first in `replayOf` and costs nothing. ' +
      'Waits for the outcome, unless `Prefer: respond-async` is sent; whoever hangs up cancels it, as with a rerun.',
  })
  @ApiPrefer()
  @ApiIdempotencyKey()
  @ApiAnswer(200, 'Execution', 'The replay succeeded.', { example: EXECUTION_EXAMPLE })
  @ApiAccepted()
  @ApiProblems(...NOT_FOUND, 'not_replayable', 'replay_diverged', ...IDEMPOTENCY_PROBLEMS, ...NOT_NOW, ...NOT_SUCCEEDED)
  async replay(
    @KeyedCaller() ctx: RequestContext,
    @Param('id', executionId) id: string,
    @Headers('prefer') prefer: string | undefined,
    @Req() { raw }: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const wait = !asksToRespondAsync(prefer);
    await answerWithExecution(reply, await this.executions.replay(ctx, id, wait ? raw.socket : undefined), wait);
  }
}
