import { Controller, Get, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { DeadLetterV1, ExecutionV1, Page, PageRequest } from '@dspy-nest/contracts';
import type { RequestContext } from '@dspy-nest/platform';
import type { FastifyReply } from 'fastify';
import { ApiAccepted, ApiAnswer, ApiProblems } from '../docs/api-answers';
import { ApiPageAnswer, type ListDescription } from '../docs/api-lists';
import { executionPath } from '../executions/executions.errors';
import { ApiIdempotencyKey, IDEMPOTENCY_PROBLEMS, KeyedCaller } from '../http/idempotency-key';
import { Caller } from '../http/request-context';
import { ListQuery } from '../input/list-query';
import { deadLetterId } from '../input/path-names';
import { DeadLettersClient } from './dead-letters.client';

const DEAD_LETTER_LIST: ListDescription = {
  filters: {
    id: 'id',
    executionId: 'id',
    program: 'text',
    subject: 'text',
    code: 'text',
    message: 'text',
    attempts: 'integer',
    worker: 'text',
    createdAt: 'time',
    replayedAs: 'id',
    replayedAt: 'time',
  },
  sorts: ['createdAt', 'code', 'attempts'],
};

@ApiTags('dead letters')
@Controller('v1/dead-letters')
export class DeadLettersController {
  constructor(private readonly deadLetters: DeadLettersClient) {}

  @Get()
  @ApiOperation({
    summary: 'List dead letters',
    description: 'Jobs that were tried too often, or that no worker can read.',
  })
  @ApiPageAnswer('DeadLetter', DEAD_LETTER_LIST)
  list(@Caller() ctx: RequestContext, @ListQuery() page: PageRequest): Promise<Page<DeadLetterV1>> {
    return this.deadLetters.list(ctx, page);
  }

  @Get(':id')
  @ApiOperation({ summary: 'Read a dead letter', description: 'Why the fleet gave it up, and what became of it.' })
  @ApiAnswer(200, 'DeadLetter', 'The job that the fleet gave up.')
  @ApiProblems('dead_letter_not_found')
  get(@Caller() ctx: RequestContext, @Param('id', deadLetterId) id: string): Promise<DeadLetterV1> {
    return this.deadLetters.get(ctx, id);
  }

  @Post(':id/replay')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Replay a dead letter',
    description: 'Makes a new execution with the same inputs. Replayed again it names the same one.',
  })
  @ApiIdempotencyKey()
  @ApiAccepted()
  @ApiProblems('dead_letter_not_found', 'validation_failed', 'overloaded', 'too_many_requests', ...IDEMPOTENCY_PROBLEMS)
  async replay(
    @KeyedCaller() ctx: RequestContext,
    @Param('id', deadLetterId) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ExecutionV1> {
    const execution = await this.deadLetters.replay(ctx, id);
    reply.header('location', executionPath(execution.id));
    return execution;
  }
}
