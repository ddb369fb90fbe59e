import { Body, Controller, Headers, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { ErrorCode, ExecutionCreateV1 } from '@dspy-nest/contracts';
import type { RequestContext } from '@dspy-nest/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiAccepted, ApiAnswer, ApiProblems, BODY_PROBLEMS } from '../docs/api-answers';
import { EXECUTION_EXAMPLE } from '../docs/examples';
import { toSseEvent } from '../execution-events/sse-event';
import { StreamedRuns } from '../execution-events/streamed-runs';
import { ApiIdempotencyKey, IDEMPOTENCY_PROBLEMS, KeyedCaller } from '../http/idempotency-key';
import { TakesImages } from '../http/image-bodies';
import { CallLimitsDto } from '../input/call-limits.dto';
import { programName } from '../input/path-names';
import { ShallowBodyPipe } from '../input/validation.pipe';
import { EventStream, mapEvents } from '../streams/event-stream';
import type { SseEvent } from '../streams/sse-body';
import { ExecuteProgramDto, type ExecuteProgram } from '../executions/execute-program.dto';
import { toExecutionCreate } from '../executions/execution-create';
import { ExecutionsClient } from '../executions/executions.client';
import { executionPath } from '../executions/executions.errors';
import { answerWithExecution, ApiPrefer, asksToRespondAsync } from '../executions/respond-async';
import { serverTiming } from '../executions/server-timing';

const EVENT_STREAM = /(?:^|[,\s])text\/event-stream(?:$|[,;\s])/i;
const EXECUTE_BODY = { open: 'inputs', members: { limits: CallLimitsDto } };
const NOT_FOUND: ErrorCode[] = ['program_not_found', 'program_version_not_found', 'model_not_found'];
const REFUSED: ErrorCode[] = ['validation_failed', 'invalid_inputs', 'unsupported_option', ...IDEMPOTENCY_PROBLEMS];
const NOT_NOW: ErrorCode[] = ['overloaded', 'too_many_requests', 'no_worker'];
const NOT_SUCCEEDED: ErrorCode[] = ['cancelled', 'model_error', 'model_unavailable', 'output_invalid'];
const FAULTS: ErrorCode[] = ['worker_unexpected', 'worker_crashed', ...BODY_PROBLEMS];

@ApiTags('executions')
@Controller('v1/programs')
export class ProgramExecutionsController {
  constructor(
    private readonly executions: ExecutionsClient,
    private readonly runs: StreamedRuns,
    private readonly streams: EventStream,
  ) {}

  @Post(':name/executions')
  @HttpCode(200)
  @TakesImages()
  @ApiOperation({
    summary: 'Execute a program',
    description:
      'Waits for the outcome, unless `Prefer: respond-async` is sent; with `Accept: text/event-stream` it is told meanwhile what ' +
      'happens, as `GET /v1/executions/{id}/events` tells it, where a client whose connection broke goes on. An execution whose ' +
      'caller hangs up is cancelled, unless it has an `Idempotency-Key`. ' +
      'Images as data URIs may make the body larger than 1 MiB: 10 MiB each, 16 MiB in all.',
  })
  @ApiPrefer()
  @ApiIdempotencyKey()
  @ApiBody({ type: ExecuteProgramDto })
  @ApiAnswer(200, 'Execution', 'The execution succeeded; `Server-Timing` says where the time went.', {
    example: EXECUTION_EXAMPLE,
    streams: 'ExecutionEvent',
  })
  @ApiAccepted()
  @ApiProblems(...NOT_FOUND, ...REFUSED, ...NOT_NOW, ...NOT_SUCCEEDED, ...FAULTS)
  async execute(
    @KeyedCaller() ctx: RequestContext,
    @Param('name', programName) program: string,
    @Body(new ShallowBodyPipe(ExecuteProgramDto, EXECUTE_BODY)) body: ExecuteProgram,
    @Headers('prefer') prefer: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (EVENT_STREAM.test(request.headers.accept ?? '')) {
      await this.stream(ctx, toExecutionCreate(program, { ...body, stream: body.stream ?? true }, true), reply);
      return;
    }
    const wait = !asksToRespondAsync(prefer);
    const message = toExecutionCreate(program, body, wait);
    const { socket } = request.raw;
    const execution = await (wait
      ? this.executions.createAndWait(ctx, message, socket)
      : this.executions.create(ctx, message));
    reply.header('server-timing', serverTiming(execution.timing, reply.elapsedTime));
    await answerWithExecution(reply, execution, wait);
  }

  private stream(ctx: RequestContext, message: ExecutionCreateV1, reply: FastifyReply): Promise<void> {
    let leave = (): void => undefined;
    const open = async (): Promise<AsyncIterator<SseEvent>> => {
      const { id, events } = await this.runs.begin(ctx, message, reply.request.raw.socket, (stop) => (leave = stop));
      reply.header('location', executionPath(id));
      return mapEvents(events, toSseEvent);
    };
    return this.streams.answer(reply, open, () => leave());
  }
}
