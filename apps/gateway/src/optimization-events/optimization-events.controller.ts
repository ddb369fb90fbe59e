import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { RequestContext } from '@dspy-nest/platform';
import type { FastifyReply } from 'fastify';
import { ApiProblems } from '../docs/api-answers';
import { Caller } from '../http/request-context';
import { optimizationId } from '../input/path-names';
import { ApiEventStream, EventStream } from '../streams/event-stream';
import { ApiResumePoint, ResumePoint } from '../streams/resume-point';
import { toOptimizationSseEvent } from './optimization-event';
import { OptimizationEvents } from './optimization-events.service';

@ApiTags('optimizations')
@Controller('v1/optimizations')
export class OptimizationEventsController {
  constructor(
    private readonly events: OptimizationEvents,
    private readonly stream: EventStream,
  ) {}

  @Get(':id/events')
  @ApiOperation({
    summary: 'Follow an optimisation',
    description:
      'How it stands now, and after each trial and step of it, to its end, as Server-Sent Events: `event` is its status, ' +
      '`data` the optimisation as `GET /v1/optimizations/{id}` gives it. Ids go up, with gaps, and are the same at every gateway.',
  })
  @ApiResumePoint()
  @ApiEventStream('Events until the optimisation is over.', 'Optimization')
  @ApiResponse({ status: 204, description: 'The optimisation is over, and its end was seen.' })
  @ApiProblems('optimization_not_found', 'validation_failed')
  follow(
    @Caller() ctx: RequestContext,
    @Param('id', optimizationId) id: string,
    @ResumePoint() after: number | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.stream.follow(reply, () => this.events.follow(ctx, id, after ?? 0), toOptimizationSseEvent);
  }
}
