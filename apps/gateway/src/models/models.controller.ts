import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { ModelV1, Page, PageRequest } from '@dspy-nest/contracts';
import type { RequestContext } from '@dspy-nest/platform';
import { ApiAnswer, ApiPageAnswer, ApiProblems } from '../docs/api-answers';
import { ApiIdempotencyKey, IDEMPOTENCY_PROBLEMS, KeyedCaller } from '../http/idempotency-key';
import { Caller } from '../http/request-context';
import { ListQuery } from '../input/list-query';
import { modelName } from '../input/path-names';
import { CreateModelDto } from './create-model.dto';
import { ModelsClient } from './models.client';
import { UpdateModelDto } from './update-model.dto';

@ApiTags('models')
@Controller('v1/models')
export class ModelsController {
  constructor(private readonly models: ModelsClient) {}

  @Post()
  @ApiIdempotencyKey()
  @ApiOperation({ summary: 'Create a model' })
  @ApiAnswer(201, 'Model', 'The model, without its key.')
  @ApiProblems('name_conflict', 'validation_failed', ...IDEMPOTENCY_PROBLEMS)
  create(@KeyedCaller() ctx: RequestContext, @Body() body: CreateModelDto): Promise<ModelV1> {
    return this.models.create(ctx, body);
  }

  @Get()
  @ApiOperation({ summary: 'List models' })
  @ApiPageAnswer('Model', ['id', 'name', 'model', 'format', 'createdAt'])
  list(@Caller() ctx: RequestContext, @ListQuery() page: PageRequest): Promise<Page<ModelV1>> {
    return this.models.list(ctx, page);
  }

  @Get(':name')
  @ApiOperation({ summary: 'Read a model' })
  @ApiAnswer(200, 'Model', 'The model, without its key.')
  @ApiProblems('model_not_found')
  get(@Caller() ctx: RequestContext, @Param('name', modelName) name: string): Promise<ModelV1> {
    return this.models.get(ctx, name);
  }

  @Patch(':name')
  @ApiOperation({ summary: 'Change a model in place' })
  @ApiAnswer(200, 'Model', 'The model in its new version.')
  @ApiProblems('model_not_found', 'version_conflict', 'validation_failed')
  update(
    @Caller() ctx: RequestContext,
    @Param('name', modelName) name: string,
    @Body() body: UpdateModelDto,
  ): Promise<ModelV1> {
    return this.models.update(ctx, { ...body, name });
  }

  @Delete(':name')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete a model' })
  @ApiResponse({ status: 204, description: 'It is gone.' })
  @ApiProblems('model_not_found', 'in_use')
  delete(@Caller() ctx: RequestContext, @Param('name', modelName) name: string): Promise<void> {
    return this.models.delete(ctx, name);
  }
}
