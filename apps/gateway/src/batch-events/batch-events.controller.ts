import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { RequestContext } from '@dspy-nest/platform';
import type { FastifyReply } from 'fastify';
import { ApiProblems } from '../docs/api-answers';
import { Caller } from '../http/request-context';
import { batchId } from '../input/path-names';
import { ApiEventStream, EventStream } from '../streams/event-stream';
import { ApiResumePoint, ResumePoint } from '../streams/resume-point';
import { toBatchSseEvent } from './batch-event';
import { BatchEvents } from './batch-events.service';

@ApiTags('batches')
@Controller('v1/batches')
export class BatchEventsController {
  constructor(
    private readonly events: BatchEvents,
    private readonly stream: EventStream,
  ) {}

  @Get(':id/events')
  @ApiOperation({
    summary: 'Follow a batch',
    description:
      'How it stands now, and after more of its rows have ended, at most once a second, to its end, as Server-Sent Events: `event` is its status, ' +
      '`data` the batch as `GET /v1/batches/{id}` gives it. Ids go up, with gaps, and are the same at every gateway.',
  })
  @ApiResumePoint()
  @ApiEventStream('Events until the batch is over.', 'Batch')
  @ApiResponse({ status: 204, description: 'The batch is over, and its end was seen.' })
  @ApiProblems('batch_not_found', 'validation_failed')
  follow(
    @Caller() ctx: RequestContext,
    @Param('id', batchId) id: string,
    @ResumePoint() after: number | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.stream.follow(reply, () => this.events.follow(ctx, id, after ?? 0), toBatchSseEvent);
  }
}
