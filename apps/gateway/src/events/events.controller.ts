import { Controller, Get, Res } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { RequestContext } from '@dspy-nest/platform';
import type { FastifyReply } from 'fastify';
import { ApiProblems } from '../docs/api-answers';
import { Caller } from '../http/request-context';
import { ApiEventStream, beginWith, EventStream, mapEvents } from '../streams/event-stream';
import { ApiResumePoint, ResumePoint } from '../streams/resume-point';
import type { SseEvent } from '../streams/sse-body';
import { EventFeed } from './event-feed.service';
import { EVENT_FILTER_FIELDS, type EventFilter } from './event-filter';
import { EventQuery } from './event-query';
import type { FeedEvent } from './feed-event';

@ApiTags('events')
@Controller('v1/events')
export class EventsController {
  constructor(
    private readonly feed: EventFeed,
    private readonly stream: EventStream,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'Follow what happens',
    description:
      'The public events (CloudEvents) in the order they were stored, as Server-Sent Events: `id` is the number in the ' +
      'stream, `event` the type. Without `after` they begin now, with a frame that has only the `id` to come again with. An event `reset` says that events before it are gone.',
  })
  @ApiResumePoint()
  @ApiQuery({
    name: 'filter',
    required: false,
    description: `\`filter[field][eq]=value\` or \`filter[field][in]=a,b\`; fields: ${EVENT_FILTER_FIELDS.join(', ')}.`,
    style: 'deepObject',
    explode: true,
    schema: { type: 'object', additionalProperties: { type: 'object', additionalProperties: { type: 'string' } } },
  })
  @ApiEventStream('Events, without end.', 'Event', 'EventsReset')
  @ApiProblems('validation_failed')
  follow(
    @Caller() ctx: RequestContext,
    @ResumePoint() after: number | undefined,
    @EventQuery() filter: EventFilter,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.stream.answer(reply, async (onTooSlow) => {
      const { position, events } = await this.feed.open(ctx, after, filter, onTooSlow);
      const told = mapEvents(events, toSseEvent);
      // Else a connection that breaks before its first event has no number to go on after.
      return after === undefined ? beginWith({ id: position }, told) : told;
    });
  }
}

function toSseEvent(event: FeedEvent): SseEvent {
  return { id: event.sequence, event: event.type, data: 'reset' in event ? event.reset : event.event };
}
