import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { ExecutionV1, ModelCallsV1, Page, PageRequest } from '@dspy-nest/contracts';
import type { RequestContext } from '@dspy-nest/platform';
import { ApiAnswer, ApiPageAnswer, ApiProblems } from '../docs/api-answers';
import { EXECUTION_EXAMPLE } from '../docs/examples';
import { Caller } from '../http/request-context';
import { ListQuery } from '../input/list-query';
import { executionId } from '../input/path-names';
import { ExecutionsClient } from './executions.client';

@ApiTags('executions')
@Controller('v1/executions')
export class ExecutionsController {
  constructor(private readonly executions: ExecutionsClient) {}

  @Get()
  @ApiOperation({ summary: 'List executions' })
  @ApiPageAnswer('Execution', [
    'id',
    'program',
    'version',
    'signature',
    'status',
    'model',
    'lane',
    'worker',
    'createdAt',
  ])
  list(@Caller() ctx: RequestContext, @ListQuery() page: PageRequest): Promise<Page<ExecutionV1>> {
    return this.executions.list(ctx, page);
  }

  @Get(':id')
  @ApiOperation({ summary: 'Read an execution' })
  @ApiAnswer(200, 'Execution', 'The execution as it stands.', EXECUTION_EXAMPLE)
  @ApiProblems('execution_not_found')
  get(@Caller() ctx: RequestContext, @Param('id', executionId) id: string): Promise<ExecutionV1> {
    return this.executions.get(ctx, id);
  }

  @Get(':id/calls')
  @ApiOperation({ summary: 'Read what an execution asked its model, and what it answered' })
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
  @ApiOperation({ summary: 'Cancel an execution' })
  @ApiAnswer(200, 'Execution', 'The cancelled execution.')
  @ApiProblems('execution_not_found', 'execution_finished')
  cancel(@Caller() ctx: RequestContext, @Param('id', executionId) id: string): Promise<ExecutionV1> {
    return this.executions.cancel(ctx, id);
  }
}
