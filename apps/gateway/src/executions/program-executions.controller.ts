import { Body, Controller, Headers, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { ExecutionCreateV1, ExecutionV1 } from '@dspy-nest/contracts';
import { uuidv7, type RequestContext } from '@dspy-nest/platform';
import type { FastifyReply } from 'fastify';
import { ApiAnswer, ApiProblems } from '../docs/api-answers';
import { EXECUTION_EXAMPLE } from '../docs/examples';
import { UnsupportedOptionError } from '../http/http.errors';
import { Caller } from '../http/request-context';
import { programName } from '../input/path-names';
import { ShallowBodyPipe } from '../input/validation.pipe';
import { ExecuteProgramDto, type ExecuteProgram } from './execute-program.dto';
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
    @Body(new ShallowBodyPipe(ExecuteProgramDto)) body: ExecuteProgram,
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

/** The execution service trusts this message: null, which the DTO lets pass for what is optional, means absent there. */
function toExecutionCreate(program: string, body: ExecuteProgram, wait: boolean): ExecutionCreateV1 {
  if (body.cache === true) {
    const message = 'cache: true is not served by this version. Leave it out or send false.';
    throw new UnsupportedOptionError('/cache', message);
  }
  const { inputs, model, adapter, format, version, timeoutMs } = body;
  return {
    id: uuidv7(),
    program,
    inputs,
    model: model ?? undefined,
    adapter: adapter ?? undefined,
    format: format ?? undefined,
    version: version ?? undefined,
    timeoutMs: timeoutMs ?? undefined,
    wait,
  };
}
