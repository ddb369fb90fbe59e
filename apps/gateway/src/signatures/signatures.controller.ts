import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Page, PageRequest, SignatureDiffV1, SignatureV1 } from '@dspy-nest/contracts';
import type { RequestContext } from '@dspy-nest/platform';
import { checkSignature, type SignatureCheck } from '@dspy-nest/signature';
import { ApiAnswer, ApiProblems, BODY_PROBLEMS } from '../docs/api-answers';
import { ApiPageAnswer, type ListDescription } from '../docs/api-lists';
import { AnswersResource, ApiIfMatch, ReadsResource } from '../docs/api-resources';
import { IfMatchTags } from '../http/entity-tag';
import { ApiIdempotencyKey, IDEMPOTENCY_PROBLEMS, KeyedCaller } from '../http/idempotency-key';
import { Caller } from '../http/request-context';
import { ListQuery } from '../input/list-query';
import { signatureName } from '../input/path-names';
import { optionalVersion, requiredVersion, VERSION_SCHEMA } from '../input/version-parameter';
import { CreateSignatureDto } from './create-signature.dto';
import { SCHEMA_VARIANTS, schemaVariant, type SchemaVariant } from './schema-variant';
import { jsonSchemasOf, type SignatureJsonSchemas } from './signature-language';
import { SignaturesClient } from './signatures.client';
import { UpdateSignatureDto } from './update-signature.dto';
import { ValidateSignatureDto } from './validate-signature.dto';

const SIGNATURE_LIST: ListDescription = {
  filters: {
    id: 'id',
    name: 'text',
    version: 'integer',
    definition: 'text',
    hash: 'text',
    instructions: 'text',
    description: 'text',
    createdAt: 'time',
  },
  sorts: ['createdAt', 'name', 'version'],
};
const SIGNATURE_VERSION_LIST: ListDescription = {
  filters: SIGNATURE_LIST.filters,
  sorts: ['version', 'createdAt'],
};

@ApiTags('signatures')
@Controller('v1/signatures')
export class SignaturesController {
  constructor(private readonly signatures: SignaturesClient) {}

  @Post()
  @ApiIdempotencyKey()
  @ApiOperation({
    summary: 'Create a signature',
    description: 'Makes version 1 of a definition in the signature language.',
  })
  @AnswersResource(201, 'Signature', 'The signature in its version 1.')
  @ApiProblems('name_conflict', 'validation_failed', 'invalid_signature', ...IDEMPOTENCY_PROBLEMS, ...BODY_PROBLEMS)
  create(@KeyedCaller() ctx: RequestContext, @Body() body: CreateSignatureDto): Promise<SignatureV1> {
    return this.signatures.create(ctx, body);
  }

  @Post('validate')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Check a definition without storing it',
    description: 'Says whether a definition is valid, with the place of each mistake and a hint.',
  })
  @ApiAnswer(200, 'SignatureValidation', 'Whether it is valid, and what is wrong where.')
  @ApiProblems('validation_failed', ...BODY_PROBLEMS)
  validate(@Body() { definition }: ValidateSignatureDto): SignatureCheck {
    return checkSignature(definition);
  }

  @Get()
  @ApiOperation({ summary: 'List signatures', description: 'Each in its newest version.' })
  @ApiPageAnswer('Signature', SIGNATURE_LIST)
  list(@Caller() ctx: RequestContext, @ListQuery() page: PageRequest): Promise<Page<SignatureV1>> {
    return this.signatures.list(ctx, page);
  }

  @Get(':name')
  @ApiOperation({
    summary: 'Read a signature in its newest version',
    description: 'With its inputs and outputs as data, and the canonical text of its definition.',
  })
  @ReadsResource('Signature', 'The signature.')
  @ApiProblems('signature_not_found')
  get(@Caller() ctx: RequestContext, @Param('name', signatureName) name: string): Promise<SignatureV1> {
    return this.signatures.get(ctx, name);
  }

  @Get(':name/versions')
  @ApiOperation({
    summary: 'List the versions of a signature',
    description: 'Versions never change; programs keep the one they were made with.',
  })
  @ApiPageAnswer('Signature', SIGNATURE_VERSION_LIST)
  @ApiProblems('signature_not_found')
  versions(
    @Caller() ctx: RequestContext,
    @Param('name', signatureName) name: string,
    @ListQuery() page: PageRequest,
  ): Promise<Page<SignatureV1>> {
    return this.signatures.versions(ctx, name, page);
  }

  @Get(':name/diff')
  @ApiOperation({
    summary: 'Compare two versions of a signature',
    description: 'Each difference, and whether callers and readers of the one can go on with the other.',
  })
  @ApiQuery({ name: 'from', schema: VERSION_SCHEMA, description: 'The version that callers and readers use now.' })
  @ApiQuery({ name: 'to', required: false, schema: VERSION_SCHEMA, description: 'The newest version, unless given.' })
  @ApiAnswer(200, 'SignatureDiff', 'Whether they can go on as they are, and each difference.')
  @ApiProblems('signature_not_found', 'validation_failed')
  diff(
    @Caller() ctx: RequestContext,
    @Param('name', signatureName) name: string,
    @Query('from', requiredVersion) from: number,
    @Query('to', optionalVersion) to: number | undefined,
  ): Promise<SignatureDiffV1> {
    return this.signatures.diff(ctx, { name, from, to });
  }

  @Get(':name/json-schema')
  @ApiOperation({
    summary: 'Read the JSON Schemas of the inputs and outputs',
    description: 'Of the newest version, in draft 2020-12.',
  })
  @ApiQuery({
    name: 'variant',
    required: false,
    enum: SCHEMA_VARIANTS,
    description: "`openai-strict`: by OpenAI's rules for `strict: true`, which have no form for `dict` and `json`.",
  })
  @ApiAnswer(200, 'SignatureJsonSchema', 'One schema each.')
  @ApiProblems('signature_not_found', 'validation_failed', 'unsupported_option')
  async jsonSchema(
    @Caller() ctx: RequestContext,
    @Param('name', signatureName) name: string,
    @Query('variant', schemaVariant) variant: SchemaVariant | undefined,
  ): Promise<SignatureJsonSchemas> {
    return jsonSchemasOf(await this.signatures.get(ctx, name), variant);
  }

  @Patch(':name')
  @ApiOperation({
    summary: 'Change a signature: makes a new version',
    description: 'What is not given stays. What says nothing new makes no version.',
  })
  @ApiIfMatch()
  @AnswersResource(200, 'Signature', 'The signature in its new version.')
  @ApiProblems('signature_not_found', 'version_conflict', 'validation_failed', 'invalid_signature', ...BODY_PROBLEMS)
  update(
    @Caller() ctx: RequestContext,
    @Param('name', signatureName) name: string,
    @IfMatchTags() ifMatch: string[] | undefined,
    @Body() body: UpdateSignatureDto,
  ): Promise<SignatureV1> {
    return this.signatures.update(ctx, { ...body, name, ifMatch });
  }

  @Delete(':name')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete a signature', description: 'With all its versions, unless a program uses it.' })
  @ApiIfMatch()
  @ApiResponse({ status: 204, description: 'It is gone.' })
  @ApiProblems('signature_not_found', 'version_conflict', 'in_use')
  delete(
    @Caller() ctx: RequestContext,
    @Param('name', signatureName) name: string,
    @IfMatchTags() ifMatch: string[] | undefined,
  ): Promise<void> {
    return this.signatures.delete(ctx, { name, ifMatch });
  }
}
