import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { RequestContext } from '@dspy-nest/platform';
import type { FastifyReply } from 'fastify';
import { Caller } from '../http/request-context';
import { ApiOpenAiAnswer, ApiOpenAiErrors } from '../openai-errors/api-openai';
import { REQUEST_ID } from '../openai-errors/openai-error';
import { readModelName } from './model-name';
import { OpenAiModel, OpenAiModelList } from './openai-model';
import { OpenAiModels } from './openai-models.service';

@ApiTags('openai')
@Controller('openai/v1/models')
export class OpenAiModelsController {
  constructor(private readonly models: OpenAiModels) {}

  @Get()
  @ApiOperation({
    summary: 'List programs as models',
    description: 'Each program twice: by its name, and by that of its published version, `program@version`.',
  })
  @ApiOpenAiAnswer(OpenAiModelList, 'All models, by name.')
  @ApiOpenAiErrors()
  list(@Caller() ctx: RequestContext, @Res({ passthrough: true }) reply: FastifyReply): Promise<OpenAiModelList> {
    reply.header(REQUEST_ID, ctx.traceId);
    return this.models.list(ctx);
  }

  @Get(':id')
  @ApiOperation({
    summary: 'Read a program as a model',
    description: '`program`, or `program@version` for any version.',
  })
  @ApiOpenAiAnswer(OpenAiModel, 'The model.')
  @ApiOpenAiErrors('program_not_found', 'program_version_not_found')
  get(
    @Caller() ctx: RequestContext,
    @Param('id') id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OpenAiModel> {
    reply.header(REQUEST_ID, ctx.traceId);
    return this.models.get(ctx, readModelName(id));
  }
}
