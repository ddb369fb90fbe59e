import { Controller, Get, HttpCode, Param, Post, Query, Res, type StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { BatchV1, Page, PageRequest } from '@dspy-nest/contracts';
import type { RequestContext } from '@dspy-nest/platform';
import type { FastifyReply } from 'fastify';
import { ApiAnswer, ApiProblems } from '../docs/api-answers';
import { ApiPageAnswer, type ListDescription } from '../docs/api-lists';
import { BATCH_EXAMPLE } from '../docs/examples';
import { Caller } from '../http/request-context';
import { ListQuery } from '../input/list-query';
import { batchId } from '../input/path-names';
import { BatchesClient } from './batches.client';
import { withPatience } from './patience';
import { ROW_SCHEMA, rowPlace } from './row-place';
import { resultLinesOf, streamResults } from './result-lines';

const BATCH_LIST: ListDescription = {
  filters: {
    id: 'id',
    name: 'text',
    programId: 'id',
    program: 'text',
    version: 'integer',
    signature: 'text',
    model: 'text',
    status: 'text',
    createdAt: 'time',
    startedAt: 'time',
    finishedAt: 'time',
  },
  sorts: ['createdAt', 'finishedAt', 'program', 'status'],
};

const BATCH_STATUS = {
  'Batch-Status': { description: 'How the batch stood when its results were read.', schema: { type: 'string' } },
} as const;

@ApiTags('batches')
@Controller('v1/batches')
export class BatchesController {
  constructor(private readonly batches: BatchesClient) {}

  @Get()
  @ApiOperation({ summary: 'List batches', description: 'Each as it stands now.' })
  @ApiPageAnswer('Batch', BATCH_LIST)
  list(@Caller() ctx: RequestContext, @ListQuery() page: PageRequest): Promise<Page<BatchV1>> {
    return this.batches.list(ctx, page);
  }

  @Get(':id')
  @ApiOperation({
    summary: 'Read a batch',
    description: 'Its rows by how they stand, how far and how fast it goes, and what it cost so far.',
  })
  @ApiAnswer(200, 'Batch', 'The batch as it stands.', { example: BATCH_EXAMPLE })
  @ApiProblems('batch_not_found')
  get(@Caller() ctx: RequestContext, @Param('id', batchId) id: string): Promise<BatchV1> {
    return this.batches.get(ctx, id);
  }

  @Post(':id/cancel')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Cancel a batch',
    description:
      'No more of its rows are run, and those that run are given up. One that is over already is a conflict.',
  })
  @ApiAnswer(202, 'Batch', 'The batch, which is `cancelling` until nothing of it runs any more.')
  @ApiProblems('batch_not_found', 'batch_finished')
  cancel(@Caller() ctx: RequestContext, @Param('id', batchId) id: string): Promise<BatchV1> {
    return this.batches.cancel(ctx, id);
  }

  @Get(':id/results')
  @ApiOperation({
    summary: 'Read what became of the rows of a batch',
    description:
      'One `BatchResult` a line, in the order of the rows, up to the first row that has not ended. While the batch runs, go on ' +
      'with `?after=` and the `index` of the last line: no line ever changes.',
  })
  @ApiQuery({
    name: 'after',
    required: false,
    description: 'Leaves out the rows up to this `index`.',
    schema: ROW_SCHEMA,
  })
  @ApiResponse({
    status: 200,
    description: 'Results, one a line; none when no further row has ended.',
    headers: BATCH_STATUS,
    content: resultLinesOf('BatchResult'),
  })
  @ApiProblems('batch_not_found', 'validation_failed')
  async results(
    @Caller() ctx: RequestContext,
    @Param('id', batchId) id: string,
    @Query('after', rowPlace) after: number | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    const first = await this.batches.results(ctx, after === undefined ? { id } : { id, after });
    reply.header('batch-status', first.status);
    return streamResults(first, (last) => withPatience(() => this.batches.results(ctx, { id, after: last })));
  }
}
