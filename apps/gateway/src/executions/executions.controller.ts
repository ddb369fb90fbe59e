import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { ExecutionV1, ModelCallsV1, Page, PageRequest } from '@dspy-nest/contracts';
import type { RequestContext } from '@dspy-nest/platform';
import { ApiAnswer, ApiProblems } from '../docs/api-answers';
import { ApiPageAnswer, type ListDescription } from '../docs/api-lists';
import { EXECUTION_EXAMPLE } from '../docs/examples';
import { Caller } from '../http/request-context';
import { ListQuery } from '../input/list-query';
import { executionId } from '../input/path-names';
import { ExecutionsClient } from './executions.client';

const EXECUTION_LIST: ListDescription = {
  filters: {
    id: 'id',
    programId: 'id',
    program: 'text',
    version: 'integer',
    signature: 'text',
    status: 'text',
    errorCode: 'text',
    model: 'text',
    adapter: 'text',
    format: 'text',
    lane: 'text',
    worker: 'text',
    attempt: 'integer',
    batchId: 'id',
    batchIndex: 'integer',
    traceId: 'text',
    promptTokens: 'integer',
    completionTokens: 'integer',
    costUsd: 'number',
    totalMs: 'number',
    queueMs: 'number',
    workerMs: 'number',
    lmMs: 'number',
    parseMs: 'number',
    overheadMs: 'number',
    score: 'number',
    corrected: 'boolean',
    createdAt: 'time',
    finishedAt: 'time',
  },
  sorts: ['createdAt', 'finishedAt', 'program', 'version', 'status', 'model', 'totalMs', 'lmMs', 'costUsd'],
};

@ApiTags('executions')
@Controller('v1/executions')
export class ExecutionsController {
  constructor(private readonly executions: ExecutionsClient) {}

  @Get()
  @ApiOperation({
    summary: 'List executions',
    description:
      'Large inputs and outputs are left out, and named in `omitted`. `score` is the newest that feedback gave, whatever its name, ' +
      'and `corrected` whether feedback says what should have been answered.',
  })
  @ApiPageAnswer('Execution', EXECUTION_LIST)
  list(@Caller() ctx: RequestContext, @ListQuery() page: PageRequest): Promise<Page<ExecutionV1>> {
    return this.executions.list(ctx, page);
  }

  @Get(':id')
  @ApiOperation({ summary: 'Read an execution', description: 'Whether it waits, runs or has ended.' })
  @ApiAnswer(200, 'Execution', 'The execution as it stands.', { example: EXECUTION_EXAMPLE })
  @ApiProblems('execution_not_found')
  get(@Caller() ctx: RequestContext, @Param('id', executionId) id: string): Promise<ExecutionV1> {
    return this.executions.get(ctx, id);
  }

  @Get(':id/calls')
  @ApiOperation({
    summary: 'Read what an execution asked its model, and what it answered',
    description: 'For who wants to know why an answer came out as it did.',
  })
  @ApiAnswer(
    200,
    'ModelCalls',
    'The model calls in order; without texts where the program does not have them recorded.',
  )
  @ApiProblems('execution_not_found')
  calls(@Caller() ctx: RequestContext, @Param('id', executionId) id: string): Promise<ModelCallsV1> {
    return this.executions.calls(ctx, id);
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Cancel an execution',
    description: 'What waits or runs is given up. One that has ended already is a conflict.',
  })
  @ApiAnswer(200, 'Execution', 'The cancelled execution.')
  @ApiProblems('execution_not_found', 'execution_finished')
  cancel(@Caller() ctx: RequestContext, @Param('id', executionId) id: string): Promise<ExecutionV1> {
    return this.executions.cancel(ctx, id);
  }
}
