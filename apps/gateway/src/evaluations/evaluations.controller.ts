import { Body, Controller, Get, HttpCode, Param, Post, Query, Res, type StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { EvaluationComparisonV1, EvaluationV1, Page, PageRequest } from '@dspy-nest/contracts';
import type { RequestContext } from '@dspy-nest/platform';
import type { FastifyReply } from 'fastify';
import { withPatience } from '../batches/patience';
import { resultLinesOf, streamResults } from '../batches/result-lines';
import { ROW_SCHEMA, rowPlace } from '../batches/row-place';
import { ApiAnswer, ApiProblems, BODY_PROBLEMS } from '../docs/api-answers';
import { ApiPageAnswer, type ListDescription } from '../docs/api-lists';
import { ApiIdempotencyKey, IDEMPOTENCY_PROBLEMS, KeyedCaller } from '../http/idempotency-key';
import { Caller } from '../http/request-context';
import { ListQuery } from '../input/list-query';
import { evaluationId } from '../input/path-names';
import { CreateEvaluationDto } from './create-evaluation.dto';
import { EvaluationsClient } from './evaluations.client';

const EVALUATION_LIST: ListDescription = {
  filters: {
    id: 'id',
    name: 'text',
    programId: 'id',
    program: 'text',
    version: 'integer',
    metric: 'text',
    dataset: 'text',
    datasetVersion: 'integer',
    split: 'text',
    status: 'text',
    score: 'number',
    createdAt: 'time',
    finishedAt: 'time',
  },
  sorts: ['createdAt', 'program', 'status'],
};

const LOCATION = { Location: { schema: { type: 'string' } } } as const;
const EVALUATION_STATUS = {
  'Evaluation-Status': {
    description: 'How the evaluation stood when its results were read.',
    schema: { type: 'string' },
  },
} as const;

@ApiTags('evaluations')
@Controller('v1/evaluations')
export class EvaluationsController {
  constructor(private readonly evaluations: EvaluationsClient) {}

  @Post()
  @HttpCode(202)
  @ApiIdempotencyKey()
  @ApiOperation({
    summary: 'Evaluate a program',
    description:
      'Runs a version of a program on `examples` or on those of a `dataset`, behind people who wait, and scores each answer by a metric.',
  })
  @ApiAnswer(202, 'Evaluation', 'Accepted; read how it stands at `Location`.', { headers: LOCATION })
  @ApiProblems(
    'program_not_found',
    'program_version_not_found',
    'metric_not_found',
    'dataset_not_found',
    'not_evaluable',
    'validation_failed',
    ...IDEMPOTENCY_PROBLEMS,
    ...BODY_PROBLEMS,
  )
  async create(
    @KeyedCaller() ctx: RequestContext,
    @Body() body: CreateEvaluationDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EvaluationV1> {
    const evaluation = await this.evaluations.create(ctx, body);
    reply.header('location', `/v1/evaluations/${evaluation.id}`);
    return evaluation;
  }

  @Get()
  @ApiOperation({ summary: 'List evaluations', description: 'Each as it stands now.' })
  @ApiPageAnswer('Evaluation', EVALUATION_LIST)
  list(@Caller() ctx: RequestContext, @ListQuery() page: PageRequest): Promise<Page<EvaluationV1>> {
    return this.evaluations.list(ctx, page);
  }

  @Get(':id')
  @ApiOperation({
    summary: 'Read an evaluation',
    description: 'How far it is, what it cost so far and, once it has ended, its score with an interval.',
  })
  @ApiAnswer(200, 'Evaluation', 'The evaluation as it stands.')
  @ApiProblems('evaluation_not_found')
  get(@Caller() ctx: RequestContext, @Param('id', evaluationId) id: string): Promise<EvaluationV1> {
    return this.evaluations.get(ctx, id);
  }

  @Post(':id/cancel')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Cancel an evaluation',
    description: 'No more of its examples are run. One that is over already is a conflict.',
  })
  @ApiAnswer(202, 'Evaluation', 'The evaluation, which is `cancelling` until nothing of it runs any more.')
  @ApiProblems('evaluation_not_found', 'evaluation_finished')
  cancel(@Caller() ctx: RequestContext, @Param('id', evaluationId) id: string): Promise<EvaluationV1> {
    return this.evaluations.cancel(ctx, id);
  }

  @Get(':id/comparison')
  @ApiOperation({
    summary: 'Compare an evaluation with another',
    description:
      'Whether it shows its program to be better than the baseline, by a paired test on the examples of both, in one sentence.',
  })
  @ApiQuery({ name: 'baseline', schema: { type: 'string', format: 'uuid' }, description: 'The other evaluation.' })
  @ApiAnswer(200, 'EvaluationComparison', 'The verdict, with the interval and the level.')
  @ApiProblems('evaluation_not_found', 'not_comparable')
  compare(
    @Caller() ctx: RequestContext,
    @Param('id', evaluationId) id: string,
    @Query('baseline', evaluationId) baseline: string,
  ): Promise<EvaluationComparisonV1> {
    return this.evaluations.compare(ctx, { id, baseline });
  }

  @Get(':id/results')
  @ApiOperation({
    summary: 'Read what became of the examples of an evaluation',
    description:
      'One `EvaluationResult` a line, in the order of the examples, as far as they were counted. While the evaluation runs, go ' +
      'on with `?after=` and the `index` of the last line: no line ever changes.',
  })
  @ApiQuery({
    name: 'after',
    required: false,
    description: 'Leaves out the examples up to this `index`.',
    schema: ROW_SCHEMA,
  })
  @ApiResponse({
    status: 200,
    description: 'Results, one a line; none when no further example has ended.',
    headers: EVALUATION_STATUS,
    content: resultLinesOf('EvaluationResult'),
  })
  @ApiProblems('evaluation_not_found', 'validation_failed')
  async results(
    @Caller() ctx: RequestContext,
    @Param('id', evaluationId) id: string,
    @Query('after', rowPlace) after: number | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    const first = await this.evaluations.results(ctx, after === undefined ? { id } : { id, after });
    reply.header('evaluation-status', first.status);
    return streamResults(first, (last) => withPatience(() => this.evaluations.results(ctx, { id, after: last })));
  }
}
