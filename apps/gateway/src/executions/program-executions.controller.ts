import { Body, Controller, Headers, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { ExecutionV1 } from '@dspy-nest/contracts';
import type { RequestContext } from '@dspy-nest/platform';
import type { FastifyReply } from 'fastify';
import { ApiAnswer, ApiProblems } from '../docs/api-answers';
import { EXECUTION_EXAMPLE } from '../docs/examples';
import { Caller } from '../http/request-context';
import { CallLimitsDto } from '../input/call-limits.dto';
import { programName } from '../input/path-names';
import { ShallowBodyPipe } from '../input/validation.pipe';
import { ExecuteProgramDto, type ExecuteProgram } from './execute-program.dto';
import { toExecutionCreate } from './execution-create';
import { ExecutionsClient } from './executions.client';
import { ExecutionNotSucceededError, executionPath } from './executions.errors';

const RESPOND_ASYNC = /(?:^|[,;\s])respond-async(?:$|[,;\s])/i;

@ApiTags('executions')
@Controller('v1/programs')
export class ProgramExecutionsController {
  constructor(private readonly executions: ExecutionsClient) {}

  @Post(':name/executions')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Execute a program',
    description: 'Waits for the outcome, unless `Prefer: respond-async` is sent.',
  })
  @ApiHeader({ name: 'Prefer', required: false, schema: { type: 'string', enum: ['respond-async'] } })
  @ApiBody({ type: ExecuteProgramDto })
  @ApiAnswer(200, 'Execution', 'The execution succeeded.', EXECUTION_EXAMPLE)
  @ApiResponse({
    status: 202,
    description: 'Accepted; read the execution at `Location`.',
    headers: { Location: { schema: { type: 'string' } }, 'Preference-Applied': { schema: { type: 'string' } } },
    content: { 'application/json': { schema: { $ref: '#/components/schemas/Execution' } } },
  })
  @ApiProblems(
    ...([
      'program_not_found',
      'program_version_not_found',
      'model_not_found',
      'validation_failed',
      'invalid_inputs',
    ] as const),
    ...([
      'unsupported_option',
      'cancelled',
      'no_worker',
      'model_error',
      'model_unavailable',
      'output_invalid',
    ] as const),
    ...(['worker_unexpected', 'worker_crashed', 'payload_too_large', 'unsupported_media_type'] as const),
  )
  async execute(
    @Caller() ctx: RequestContext,
    @Param('name', programName) program: string,
    @Body(new ShallowBodyPipe(ExecuteProgramDto, { limits: CallLimitsDto })) body: ExecuteProgram,
    @Headers('prefer') prefer: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ExecutionV1> {
    const wait = prefer === undefined || !RESPOND_ASYNC.test(prefer);
    const execution = await this.executions.create(ctx, toExecutionCreate(program, body, wait));
    if (!wait) {
      const location = executionPath(execution.id);
      reply.code(202).headers({ location, 'preference-applied': 'respond-async' });
    } else if (execution.status !== 'succeeded') {
      throw new ExecutionNotSucceededError(execution);
    }
    return execution;
  }
}
