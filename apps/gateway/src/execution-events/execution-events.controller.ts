import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { RequestContext } from '@dspy-nest/platform';
import type { FastifyReply } from 'fastify';
import { ApiProblems } from '../docs/api-answers';
import { Caller } from '../http/request-context';
import { executionId } from '../input/path-names';
import { ApiEventStream, EventStream } from '../streams/event-stream';
import { ApiResumePoint, ResumePoint } from '../streams/resume-point';
import { ExecutionEvents } from './execution-events.service';
import { toSseEvent } from './sse-event';

@ApiTags('executions')
@Controller('v1/executions')
export class ExecutionEventsController {
  constructor(
    private readonly events: ExecutionEvents,
    private readonly stream: EventStream,
  ) {}

  @Get(':id/events')
  @ApiOperation({
    summary: 'Follow an execution',
    description:
      'What happens to it, as Server-Sent Events, to its end: `queued`, `started`, `token`, `partial`, `status`, `restarted`, ' +
      '`outputs`, and one of `succeeded`, `failed`, `cancelled` and `timed_out`. Ids increase by one; the data of each is an ' +
      '`ExecutionEvent`. What a worker tells while it runs is kept for ten minutes; who comes later gets the outputs and the end.',
  })
  @ApiResumePoint()
  @ApiEventStream('Events until the execution has ended.', 'ExecutionEvent')
  @ApiResponse({ status: 204, description: 'The execution has ended, and all of its events were seen.' })
  @ApiProblems('execution_not_found', 'validation_failed')
  follow(
    @Caller() ctx: RequestContext,
    @Param('id', executionId) id: string,
    @ResumePoint() after: number | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.stream.follow(reply, () => this.events.follow(ctx, id, after ?? 0), toSseEvent);
  }
}
