import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type {
  OptimizationDiffV1,
  OptimizationLogV1,
  OptimizationTrialsV1,
  OptimizationV1,
  Page,
  PageRequest,
} from '@dspy-nest/contracts';
import type { RequestContext } from '@dspy-nest/platform';
import type { FastifyReply } from 'fastify';
import { ApiAnswer, ApiProblems, BODY_PROBLEMS } from '../docs/api-answers';
import { ApiPageAnswer, type ListDescription } from '../docs/api-lists';
import { ApiIdempotencyKey, IDEMPOTENCY_PROBLEMS, KeyedCaller } from '../http/idempotency-key';
import { Caller } from '../http/request-context';
import { ListQuery } from '../input/list-query';
import { optimizationId } from '../input/path-names';
import { CreateOptimizationDto } from './create-optimization.dto';
import { PublishOptimizationDto } from './publish-optimization.dto';
import { OptimizationsClient } from './optimizations.client';
import { ApiReportQuery, reportQuery, type ReportQuery } from './report-query';

const OPTIMIZATION_LIST: ListDescription = {
  filters: {
    id: 'id',
    name: 'text',
    programId: 'id',
    program: 'text',
    version: 'integer',
    dataset: 'text',
    metric: 'text',
    optimizer: 'text',
    candidateVersion: 'integer',
    status: 'text',
    createdAt: 'time',
    finishedAt: 'time',
  },
  sorts: ['createdAt', 'program', 'optimizer', 'status'],
};

const LOCATION = { Location: { schema: { type: 'string' } } } as const;

@ApiTags('optimizations')
@Controller('v1/optimizations')
export class OptimizationsController {
  constructor(private readonly optimizations: OptimizationsClient) {}

  @Post()
  @HttpCode(202)
  @ApiIdempotencyKey()
  @ApiOperation({
    summary: 'Optimise a program',
    description:
      'Has an optimiser of DSPy look for better demos or instructions of a version of a program, on the splits train and ' +
      'validation of a dataset. It never sees the split test.',
  })
  @ApiAnswer(202, 'Optimization', 'Accepted; read how it stands at `Location`.', { headers: LOCATION })
  @ApiProblems(
    'program_not_found',
    'program_version_not_found',
    'dataset_not_found',
    'metric_not_found',
    'model_not_found',
    'not_evaluable',
    'not_optimizable',
    'validation_failed',
    ...IDEMPOTENCY_PROBLEMS,
    ...BODY_PROBLEMS,
  )
  async create(
    @KeyedCaller() ctx: RequestContext,
    @Body() body: CreateOptimizationDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OptimizationV1> {
    const optimization = await this.optimizations.create(ctx, body);
    reply.header('location', `/v1/optimizations/${optimization.id}`);
    return optimization;
  }

  @Get()
  @ApiOperation({ summary: 'List optimisations', description: 'Each as it stands now.' })
  @ApiPageAnswer('Optimization', OPTIMIZATION_LIST)
  list(@Caller() ctx: RequestContext, @ListQuery() page: PageRequest): Promise<Page<OptimizationV1>> {
    return this.optimizations.list(ctx, page);
  }

  @Get(':id')
  @ApiOperation({
    summary: 'Read an optimisation',
    description: 'How far it is, the best score so far, what it used, and when it will end if that is known.',
  })
  @ApiAnswer(200, 'Optimization', 'The optimisation as it stands.')
  @ApiProblems('optimization_not_found')
  get(@Caller() ctx: RequestContext, @Param('id', optimizationId) id: string): Promise<OptimizationV1> {
    return this.optimizations.get(ctx, id);
  }

  @Get(':id/trials')
  @ApiOperation({
    summary: 'Read what an optimisation has tried',
    description:
      'The score of each candidate, in the order of trials; `nextAfter` is what `after` is for the next page.',
  })
  @ApiReportQuery()
  @ApiAnswer(200, 'OptimizationTrials', 'A page of trials, and where the next begins, null at the end.')
  @ApiProblems('optimization_not_found', 'validation_failed')
  trials(
    @Caller() ctx: RequestContext,
    @Param('id', optimizationId) id: string,
    @Query(reportQuery) query: ReportQuery,
  ): Promise<OptimizationTrialsV1> {
    return this.optimizations.trials(ctx, { ...query, id });
  }

  @Get(':id/log')
  @ApiOperation({
    summary: 'Read the log of an optimisation',
    description: 'What DSPy warned of while it ran; `nextAfter` is what `after` is for the next page.',
  })
  @ApiReportQuery()
  @ApiAnswer(200, 'OptimizationLog', 'A page of messages, and where the next begins, null at the end.')
  @ApiProblems('optimization_not_found', 'validation_failed')
  log(
    @Caller() ctx: RequestContext,
    @Param('id', optimizationId) id: string,
    @Query(reportQuery) query: ReportQuery,
  ): Promise<OptimizationLogV1> {
    return this.optimizations.log(ctx, { ...query, id });
  }

  @Get(':id/diff')
  @ApiOperation({
    summary: 'Read what the best candidate changes',
    description: 'Instructions and demos of each predictor, before and after, for machines and as text.',
  })
  @ApiAnswer(200, 'OptimizationDiff', 'The best candidate until now against the program as it was.')
  @ApiProblems('optimization_not_found')
  diff(@Caller() ctx: RequestContext, @Param('id', optimizationId) id: string): Promise<OptimizationDiffV1> {
    return this.optimizations.diff(ctx, id);
  }

  @Post(':id/publish')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Publish the candidate of an optimisation',
    description:
      'Callers of the program get it from then on. A candidate that is not shown to be better, or whose parent is not the published ' +
      'version any more, needs an `override` with a reason, which is recorded.',
  })
  @ApiAnswer(200, 'Optimization', 'The optimisation with its `publication`.')
  @ApiProblems(
    'optimization_not_found',
    'no_candidate',
    'candidate_unproven',
    'version_conflict',
    'validation_failed',
    ...BODY_PROBLEMS,
  )
  publish(
    @Caller() ctx: RequestContext,
    @Param('id', optimizationId) id: string,
    @Body() body: PublishOptimizationDto,
  ): Promise<OptimizationV1> {
    return this.optimizations.publish(ctx, { ...body, id });
  }

  @Post(':id/stop')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Stop an optimisation and keep the best',
    description: 'Its model calls end, and the best candidate until then is what it found.',
  })
  @ApiAnswer(202, 'Optimization', 'The optimisation, which is `stopping` until its worker has brought what it found.')
  @ApiProblems('optimization_not_found', 'optimization_finished')
  stop(@Caller() ctx: RequestContext, @Param('id', optimizationId) id: string): Promise<OptimizationV1> {
    return this.optimizations.stop(ctx, id);
  }

  @Post(':id/cancel')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Cancel an optimisation',
    description: 'It is over at once, and its worker drops it. One that is over already is a conflict.',
  })
  @ApiAnswer(202, 'Optimization', 'The optimisation, `cancelled`.')
  @ApiProblems('optimization_not_found', 'optimization_finished')
  cancel(@Caller() ctx: RequestContext, @Param('id', optimizationId) id: string): Promise<OptimizationV1> {
    return this.optimizations.cancel(ctx, id);
  }
}
