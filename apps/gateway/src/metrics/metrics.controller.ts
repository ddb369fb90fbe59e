import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { MetricV1, Page, PageRequest } from '@dspy-nest/contracts';
import type { RequestContext } from '@dspy-nest/platform';
import { ApiProblems, BODY_PROBLEMS } from '../docs/api-answers';
import { ApiPageAnswer, type ListDescription } from '../docs/api-lists';
import { AnswersResource, ApiIfMatch, ReadsResource } from '../docs/api-resources';
import { IfMatchTags } from '../http/entity-tag';
import { ApiIdempotencyKey, IDEMPOTENCY_PROBLEMS, KeyedCaller } from '../http/idempotency-key';
import { Caller } from '../http/request-context';
import { ListQuery } from '../input/list-query';
import { metricName } from '../input/path-names';
import { optionalVersion, VERSION_SCHEMA } from '../input/version-parameter';
import { CreateMetricDto } from './create-metric.dto';
import { MetricsClient } from './metrics.client';
import { UpdateMetricDto } from './update-metric.dto';

const METRIC_LIST: ListDescription = {
  filters: { id: 'id', name: 'text', version: 'integer', kind: 'text', description: 'text', createdAt: 'time' },
  sorts: ['createdAt', 'name', 'version'],
};
const METRIC_VERSION_LIST: ListDescription = { filters: METRIC_LIST.filters, sorts: ['version', 'createdAt'] };

const JUDGE_PROBLEMS = ['program_not_found', 'program_version_not_found'] as const;

@ApiTags('metrics')
@Controller('v1/metrics')
export class MetricsController {
  constructor(private readonly metrics: MetricsClient) {}

  @Post()
  @ApiIdempotencyKey()
  @ApiOperation({ summary: 'Create a metric', description: 'Makes version 1 of how answers are scored, from 0 to 1.' })
  @AnswersResource(201, 'Metric', 'The metric in its version 1.')
  @ApiProblems(
    'name_conflict',
    'validation_failed',
    'invalid_metric',
    ...JUDGE_PROBLEMS,
    ...IDEMPOTENCY_PROBLEMS,
    ...BODY_PROBLEMS,
  )
  create(@KeyedCaller() ctx: RequestContext, @Body() body: CreateMetricDto): Promise<MetricV1> {
    return this.metrics.create(ctx, body);
  }

  @Get()
  @ApiOperation({ summary: 'List metrics', description: 'Each in its newest version.' })
  @ApiPageAnswer('Metric', METRIC_LIST)
  list(@Caller() ctx: RequestContext, @ListQuery() page: PageRequest): Promise<Page<MetricV1>> {
    return this.metrics.list(ctx, page);
  }

  @Get(':name')
  @ApiOperation({ summary: 'Read a metric', description: 'In its newest version, or the one asked for.' })
  @ApiQuery({ name: 'version', required: false, schema: VERSION_SCHEMA, description: 'The newest, unless given.' })
  @ReadsResource('Metric', 'The metric.')
  @ApiProblems('metric_not_found', 'validation_failed')
  get(
    @Caller() ctx: RequestContext,
    @Param('name', metricName) name: string,
    @Query('version', optionalVersion) version: number | undefined,
  ): Promise<MetricV1> {
    return this.metrics.get(ctx, { name, version });
  }

  @Get(':name/versions')
  @ApiOperation({
    summary: 'List the versions of a metric',
    description: 'Versions never change; evaluations keep the one they were made with.',
  })
  @ApiPageAnswer('Metric', METRIC_VERSION_LIST)
  @ApiProblems('metric_not_found')
  versions(
    @Caller() ctx: RequestContext,
    @Param('name', metricName) name: string,
    @ListQuery() page: PageRequest,
  ): Promise<Page<MetricV1>> {
    return this.metrics.versions(ctx, name, page);
  }

  @Patch(':name')
  @ApiOperation({
    summary: 'Change a metric: makes a new version',
    description: 'What is not given stays. What says nothing new makes no version.',
  })
  @ApiIfMatch()
  @AnswersResource(200, 'Metric', 'The metric in its new version.')
  @ApiProblems(
    'metric_not_found',
    'version_conflict',
    'validation_failed',
    'invalid_metric',
    ...JUDGE_PROBLEMS,
    ...BODY_PROBLEMS,
  )
  update(
    @Caller() ctx: RequestContext,
    @Param('name', metricName) name: string,
    @IfMatchTags() ifMatch: string[] | undefined,
    @Body() body: UpdateMetricDto,
  ): Promise<MetricV1> {
    return this.metrics.update(ctx, { ...body, name, ifMatch });
  }
}
