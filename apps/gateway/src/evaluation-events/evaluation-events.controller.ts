import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { RequestContext } from '@dspy-nest/platform';
import type { FastifyReply } from 'fastify';
import { ApiProblems } from '../docs/api-answers';
import { Caller } from '../http/request-context';
import { evaluationId } from '../input/path-names';
import { ApiEventStream, EventStream } from '../streams/event-stream';
import { ApiResumePoint, ResumePoint } from '../streams/resume-point';
import { toEvaluationSseEvent } from './evaluation-event';
import { EvaluationEvents } from './evaluation-events.service';

@ApiTags('evaluations')
@Controller('v1/evaluations')
export class EvaluationEventsController {
  constructor(
    private readonly events: EvaluationEvents,
    private readonly stream: EventStream,
  ) {}

  @Get(':id/events')
  @ApiOperation({
    summary: 'Follow an evaluation',
    description:
      'How it stands now, and after each step of it, to its end, as Server-Sent Events: `event` is its status, ' +
      '`data` the evaluation as `GET /v1/evaluations/{id}` gives it. Ids go up, with gaps, and are the same at every gateway.',
  })
  @ApiResumePoint()
  @ApiEventStream('Events until the evaluation is over.', 'Evaluation')
  @ApiResponse({ status: 204, description: 'The evaluation is over, and its end was seen.' })
  @ApiProblems('evaluation_not_found', 'validation_failed')
  follow(
    @Caller() ctx: RequestContext,
    @Param('id', evaluationId) id: string,
    @ResumePoint() after: number | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.stream.follow(reply, () => this.events.follow(ctx, id, after ?? 0), toEvaluationSseEvent);
  }
}
