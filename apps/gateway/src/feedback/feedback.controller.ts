import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { FEEDBACK_MAX, type FeedbackV1, type Page, type PageRequest } from '@dspy-nest/contracts';
import type { RequestContext } from '@dspy-nest/platform';
import { ApiAnswer, ApiProblems, BODY_PROBLEMS } from '../docs/api-answers';
import { ApiPageAnswer, type ListDescription } from '../docs/api-lists';
import { ApiIdempotencyKey, IDEMPOTENCY_PROBLEMS, KeyedCaller } from '../http/idempotency-key';
import { Caller } from '../http/request-context';
import { ListQuery } from '../input/list-query';
import { executionId } from '../input/path-names';
import { CreateFeedbackDto } from './create-feedback.dto';
import { FeedbackClient } from './feedback.client';

const FEEDBACK_LIST: ListDescription = {
  filters: {
    id: 'id',
    name: 'text',
    score: 'number',
    comment: 'text',
    corrected: 'boolean',
    source: 'text',
    author: 'text',
    createdAt: 'time',
  },
  sorts: ['createdAt', 'score'],
};

@ApiTags('executions')
@Controller('v1/executions')
export class FeedbackController {
  constructor(private readonly feedback: FeedbackClient) {}

  @Post(':id/feedback')
  @ApiIdempotencyKey()
  @ApiOperation({
    summary: 'Say something of an execution',
    description:
      'A score, a comment, what it should have answered, or several of these. Feedback never changes: who thinks otherwise gives ' +
      `another, and the newest counts. An execution has at most ${FEEDBACK_MAX}.`,
  })
  @ApiAnswer(201, 'Feedback', 'The feedback as it is kept.')
  @ApiProblems(
    'execution_not_found',
    'program_not_found',
    'program_version_not_found',
    'validation_failed',
    ...IDEMPOTENCY_PROBLEMS,
    ...BODY_PROBLEMS,
  )
  create(
    @KeyedCaller() ctx: RequestContext,
    @Param('id', executionId) id: string,
    @Body() body: CreateFeedbackDto,
  ): Promise<FeedbackV1> {
    return this.feedback.create(ctx, { ...body, executionId: id });
  }

  @Get(':id/feedback')
  @ApiOperation({ summary: 'List the feedback on an execution', description: 'What was said of it, newest first.' })
  @ApiPageAnswer('Feedback', FEEDBACK_LIST)
  @ApiProblems('execution_not_found')
  list(
    @Caller() ctx: RequestContext,
    @Param('id', executionId) id: string,
    @ListQuery() page: PageRequest,
  ): Promise<Page<FeedbackV1>> {
    return this.feedback.list(ctx, { ...page, executionId: id });
  }
}
