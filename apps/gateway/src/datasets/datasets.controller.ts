import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { DatasetV1, Page, PageRequest } from '@dspy-nest/contracts';
import type { RequestContext } from '@dspy-nest/platform';
import { ApiProblems, BODY_PROBLEMS } from '../docs/api-answers';
import { ApiPageAnswer, type ListDescription } from '../docs/api-lists';
import { AnswersResource, ApiIfMatch, ReadsResource } from '../docs/api-resources';
import { IfMatchTags } from '../http/entity-tag';
import { ApiIdempotencyKey, IDEMPOTENCY_PROBLEMS, KeyedCaller } from '../http/idempotency-key';
import { Caller } from '../http/request-context';
import { ListQuery } from '../input/list-query';
import { datasetName } from '../input/path-names';
import { optionalVersion, VERSION_SCHEMA } from '../input/version-parameter';
import { CreateDatasetDto } from './create-dataset.dto';
import { DatasetsClient } from './datasets.client';

const DATASET_LIST: ListDescription = {
  filters: {
    id: 'id',
    name: 'text',
    version: 'integer',
    description: 'text',
    signature: 'text',
    createdAt: 'time',
    updatedAt: 'time',
  },
  sorts: ['createdAt', 'updatedAt', 'name', 'version'],
};
const DATASET_VERSION_LIST: ListDescription = {
  filters: { version: 'integer', hash: 'text', updatedAt: 'time' },
  sorts: ['version', 'updatedAt'],
};

@ApiTags('datasets')
@Controller('v1/datasets')
export class DatasetsController {
  constructor(private readonly datasets: DatasetsClient) {}

  @Post()
  @ApiIdempotencyKey()
  @ApiOperation({
    summary: 'Create a dataset',
    description: 'Makes version 1, without examples. It keeps the signature as it is now, whatever becomes of that.',
  })
  @AnswersResource(201, 'Dataset', 'The dataset in its version 1.')
  @ApiProblems('name_conflict', 'signature_not_found', 'validation_failed', ...IDEMPOTENCY_PROBLEMS, ...BODY_PROBLEMS)
  create(@KeyedCaller() ctx: RequestContext, @Body() body: CreateDatasetDto): Promise<DatasetV1> {
    return this.datasets.create(ctx, body);
  }

  @Get()
  @ApiOperation({ summary: 'List datasets', description: 'Each in its newest version.' })
  @ApiPageAnswer('Dataset', DATASET_LIST)
  list(@Caller() ctx: RequestContext, @ListQuery() page: PageRequest): Promise<Page<DatasetV1>> {
    return this.datasets.list(ctx, page);
  }

  @Get(':name')
  @ApiOperation({ summary: 'Read a dataset', description: 'How many examples it has in each split, and their hash.' })
  @ApiQuery({ name: 'version', required: false, description: 'Else the newest.', schema: VERSION_SCHEMA })
  @ReadsResource('Dataset', 'The dataset.')
  @ApiProblems('dataset_not_found', 'validation_failed')
  get(
    @Caller() ctx: RequestContext,
    @Param('name', datasetName) name: string,
    @Query('version', optionalVersion) version: number | undefined,
  ): Promise<DatasetV1> {
    return this.datasets.get(ctx, { name, version });
  }

  @Get(':name/versions')
  @ApiOperation({
    summary: 'List the versions of a dataset',
    description: 'Versions never change; each has the examples of the one before and more.',
  })
  @ApiPageAnswer('Dataset', DATASET_VERSION_LIST)
  @ApiProblems('dataset_not_found')
  versions(
    @Caller() ctx: RequestContext,
    @Param('name', datasetName) name: string,
    @ListQuery() page: PageRequest,
  ): Promise<Page<DatasetV1>> {
    return this.datasets.versions(ctx, name, page);
  }

  @Delete(':name')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete a dataset', description: 'With all its versions and examples.' })
  @ApiIfMatch()
  @ApiResponse({ status: 204, description: 'It is gone.' })
  @ApiProblems('dataset_not_found', 'version_conflict')
  delete(
    @Caller() ctx: RequestContext,
    @Param('name', datasetName) name: string,
    @IfMatchTags() ifMatch: string[] | undefined,
  ): Promise<void> {
    return this.datasets.delete(ctx, { name, ifMatch });
  }
}
