import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Page, PageRequest, ProgramV1 } from '@dspy-nest/contracts';
import type { RequestContext } from '@dspy-nest/platform';
import { ApiAnswer, ApiPageAnswer, ApiProblems } from '../docs/api-answers';
import { ApiIdempotencyKey, IDEMPOTENCY_PROBLEMS, KeyedCaller } from '../http/idempotency-key';
import { Caller } from '../http/request-context';
import { ListQuery } from '../input/list-query';
import { programName } from '../input/path-names';
import { CreateProgramDto } from './create-program.dto';
import { ProgramsClient } from './programs.client';
import { UpdateProgramDto } from './update-program.dto';

@ApiTags('programs')
@Controller('v1/programs')
export class ProgramsController {
  constructor(private readonly programs: ProgramsClient) {}

  @Post()
  @ApiIdempotencyKey()
  @ApiOperation({ summary: 'Create a program' })
  @ApiAnswer(201, 'Program', 'The program in its version 1.')
  @ApiProblems(
    'name_conflict',
    'signature_not_found',
    'model_not_found',
    'validation_failed',
    'invalid_signature',
    ...IDEMPOTENCY_PROBLEMS,
  )
  create(@KeyedCaller() ctx: RequestContext, @Body() body: CreateProgramDto): Promise<ProgramV1> {
    return this.programs.create(ctx, body);
  }

  @Get()
  @ApiOperation({ summary: 'List programs' })
  @ApiPageAnswer('Program', ['name', 'createdAt', 'updatedAt'])
  list(@Caller() ctx: RequestContext, @ListQuery() page: PageRequest): Promise<Page<ProgramV1>> {
    return this.programs.list(ctx, page);
  }

  @Get(':name')
  @ApiOperation({ summary: 'Read a program in its published version' })
  @ApiAnswer(200, 'Program', 'The program.')
  @ApiProblems('program_not_found')
  get(@Caller() ctx: RequestContext, @Param('name', programName) name: string): Promise<ProgramV1> {
    return this.programs.get(ctx, name);
  }

  @Get(':name/versions')
  @ApiOperation({ summary: 'List the versions of a program' })
  @ApiPageAnswer('Program', ['version', 'createdAt'])
  @ApiProblems('program_not_found')
  versions(
    @Caller() ctx: RequestContext,
    @Param('name', programName) name: string,
    @ListQuery() page: PageRequest,
  ): Promise<Page<ProgramV1>> {
    return this.programs.versions(ctx, name, page);
  }

  @Patch(':name')
  @ApiOperation({ summary: 'Change a program: makes a new version' })
  @ApiAnswer(200, 'Program', 'The program in its new version.')
  @ApiProblems(
    'program_not_found',
    'signature_not_found',
    'model_not_found',
    'version_conflict',
    'validation_failed',
    'invalid_signature',
  )
  update(
    @Caller() ctx: RequestContext,
    @Param('name', programName) name: string,
    @Body() body: UpdateProgramDto,
  ): Promise<ProgramV1> {
    return this.programs.update(ctx, { ...body, name });
  }

  @Delete(':name')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete a program' })
  @ApiResponse({ status: 204, description: 'It is gone.' })
  @ApiProblems('program_not_found', 'in_use')
  delete(@Caller() ctx: RequestContext, @Param('name', programName) name: string): Promise<void> {
    return this.programs.delete(ctx, name);
  }
}
