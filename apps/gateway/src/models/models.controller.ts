import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { ModelV1, Page, PageRequest } from '@dspy-nest/contracts';
import type { RequestContext } from '@dspy-nest/platform';
import { ApiProblems, BODY_PROBLEMS } from '../docs/api-answers';
import { ApiPageAnswer, type ListDescription } from '../docs/api-lists';
import { AnswersResource, ApiIfMatch, ReadsResource } from '../docs/api-resources';
import { IfMatchTags } from '../http/entity-tag';
import { ApiIdempotencyKey, IDEMPOTENCY_PROBLEMS, KeyedCaller } from '../http/idempotency-key';
import { Caller } from '../http/request-context';
import { ListQuery } from '../input/list-query';
import { modelName } from '../input/path-names';
import { CreateModelDto } from './create-model.dto';
import { ModelsClient } from './models.client';
import { UpdateModelDto } from './update-model.dto';

const MODEL_LIST: ListDescription = {
  filters: {
    id: 'id',
    name: 'text',
    version: 'integer',
    model: 'text',
    baseUrl: 'text',
    hasApiKey: 'boolean',
    format: 'text',
    inputPerMillionUsd: 'number',
    outputPerMillionUsd: 'number',
    createdAt: 'time',
    updatedAt: 'time',
  },
  sorts: ['createdAt', 'updatedAt', 'name', 'model', 'format', 'version'],
};

@ApiTags('models')
@Controller('v1/models')
export class ModelsController {
  constructor(private readonly models: ModelsClient) {}

  @Post()
  @ApiIdempotencyKey()
  @ApiOperation({
    summary: 'Create a model',
    description: 'A model behind an OpenAI-compatible endpoint, which programs and executions can name.',
  })
  @AnswersResource(201, 'Model', 'The model, without its key.')
  @ApiProblems('name_conflict', 'validation_failed', ...IDEMPOTENCY_PROBLEMS, ...BODY_PROBLEMS)
  create(@KeyedCaller() ctx: RequestContext, @Body() body: CreateModelDto): Promise<ModelV1> {
    return this.models.create(ctx, body);
  }

  @Get()
  @ApiOperation({ summary: 'List models', description: 'Without their keys.' })
  @ApiPageAnswer('Model', MODEL_LIST)
  list(@Caller() ctx: RequestContext, @ListQuery() page: PageRequest): Promise<Page<ModelV1>> {
    return this.models.list(ctx, page);
  }

  @Get(':name')
  @ApiOperation({ summary: 'Read a model', description: 'Without its key.' })
  @ReadsResource('Model', 'The model, without its key.')
  @ApiProblems('model_not_found')
  get(@Caller() ctx: RequestContext, @Param('name', modelName) name: string): Promise<ModelV1> {
    return this.models.get(ctx, name);
  }

  @Patch(':name')
  @ApiOperation({
    summary: 'Change a model in place',
    description: 'What is not given stays. Programs that name it use it as it is from then on.',
  })
  @ApiIfMatch()
  @AnswersResource(200, 'Model', 'The model in its new version.')
  @ApiProblems('model_not_found', 'version_conflict', 'in_use', 'validation_failed', ...BODY_PROBLEMS)
  update(
    @Caller() ctx: RequestContext,
    @Param('name', modelName) name: string,
    @IfMatchTags() ifMatch: string[] | undefined,
    @Body() body: UpdateModelDto,
  ): Promise<ModelV1> {
    return this.models.update(ctx, { ...body, name, ifMatch });
  }

  @Delete(':name')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete a model', description: 'Unless a program names it.' })
  @ApiIfMatch()
  @ApiResponse({ status: 204, description: 'It is gone.' })
  @ApiProblems('model_not_found', 'version_conflict', 'in_use')
  delete(
    @Caller() ctx: RequestContext,
    @Param('name', modelName) name: string,
    @IfMatchTags() ifMatch: string[] | undefined,
  ): Promise<void> {
    return this.models.delete(ctx, { name, ifMatch });
  }
}
