import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Page, PageRequest, ProgramV1 } from '@dspy-nest/contracts';
import type { RequestContext } from '@dspy-nest/platform';
import { ApiProblems, BODY_PROBLEMS } from '../docs/api-answers';
import { ApiPageAnswer, type ListDescription } from '../docs/api-lists';
import { AnswersResource, ApiIfMatch, ReadsResource } from '../docs/api-resources';
import { IfMatchTags } from '../http/entity-tag';
import { ApiIdempotencyKey, IDEMPOTENCY_PROBLEMS, KeyedCaller } from '../http/idempotency-key';
import { Caller } from '../http/request-context';
import { ListQuery } from '../input/list-query';
import { programName } from '../input/path-names';
import { CreateProgramDto } from './create-program.dto';
import { ProgramsClient } from './programs.client';
import { UpdateProgramDto } from './update-program.dto';

const PROGRAM_LIST: ListDescription = {
  filters: {
    id: 'id',
    name: 'text',
    version: 'integer',
    description: 'text',
    signature: 'text',
    signatureVersion: 'integer',
    module: 'text',
    model: 'text',
    adapter: 'text',
    format: 'text',
    hash: 'text',
    createdAt: 'time',
    updatedAt: 'time',
  },
  sorts: ['createdAt', 'updatedAt', 'name', 'version', 'signature', 'module'],
};
const PROGRAM_VERSION_LIST: ListDescription = {
  filters: PROGRAM_LIST.filters,
  sorts: ['version', 'updatedAt', 'signature', 'module'],
};

@ApiTags('programs')
@Controller('v1/programs')
export class ProgramsController {
  constructor(private readonly programs: ProgramsClient) {}

  @Post()
  @ApiIdempotencyKey()
  @ApiOperation({
    summary: 'Create a program',
    description:
      'Makes version 1, of a named signature or of a definition. Typed operations in REST and GraphQL follow at once.',
  })
  @AnswersResource(201, 'Program', 'The program in its version 1.')
  @ApiProblems(
    'name_conflict',
    'signature_not_found',
    'model_not_found',
    'validation_failed',
    'invalid_signature',
    ...IDEMPOTENCY_PROBLEMS,
    ...BODY_PROBLEMS,
  )
  create(@KeyedCaller() ctx: RequestContext, @Body() body: CreateProgramDto): Promise<ProgramV1> {
    return this.programs.create(ctx, body);
  }

  @Get()
  @ApiOperation({ summary: 'List programs', description: 'Each in its published version, which is the newest.' })
  @ApiPageAnswer('Program', PROGRAM_LIST)
  list(@Caller() ctx: RequestContext, @ListQuery() page: PageRequest): Promise<Page<ProgramV1>> {
    return this.programs.list(ctx, page);
  }

  @Get(':name')
  @ApiOperation({ summary: 'Read a program in its published version', description: 'What it runs on, and how.' })
  @ReadsResource('Program', 'The program.')
  @ApiProblems('program_not_found')
  get(@Caller() ctx: RequestContext, @Param('name', programName) name: string): Promise<ProgramV1> {
    return this.programs.get(ctx, name);
  }

  @Get(':name/versions')
  @ApiOperation({
    summary: 'List the versions of a program',
    description: 'Versions never change; an execution can name one.',
  })
  @ApiPageAnswer('Program', PROGRAM_VERSION_LIST)
  @ApiProblems('program_not_found')
  versions(
    @Caller() ctx: RequestContext,
    @Param('name', programName) name: string,
    @ListQuery() page: PageRequest,
  ): Promise<Page<ProgramV1>> {
    return this.programs.versions(ctx, name, page);
  }

  @Patch(':name')
  @ApiOperation({
    summary: 'Change a program: makes a new version',
    description: 'What is not given stays. What says nothing new makes no version.',
  })
  @ApiIfMatch()
  @AnswersResource(200, 'Program', 'The program in its new version.')
  @ApiProblems(
    'program_not_found',
    'signature_not_found',
    'model_not_found',
    'version_conflict',
    'validation_failed',
    'invalid_signature',
    ...BODY_PROBLEMS,
  )
  update(
    @Caller() ctx: RequestContext,
    @Param('name', programName) name: string,
    @IfMatchTags() ifMatch: string[] | undefined,
    @Body() body: UpdateProgramDto,
  ): Promise<ProgramV1> {
    return this.programs.update(ctx, { ...body, name, ifMatch });
  }

  @Delete(':name')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Delete a program',
    description: 'With all its versions. Its signature and its executions stay.',
  })
  @ApiIfMatch()
  @ApiResponse({ status: 204, description: 'It is gone.' })
  @ApiProblems('program_not_found', 'version_conflict', 'in_use')
  delete(
    @Caller() ctx: RequestContext,
    @Param('name', programName) name: string,
    @IfMatchTags() ifMatch: string[] | undefined,
  ): Promise<void> {
    return this.programs.delete(ctx, { name, ifMatch });
  }
}
