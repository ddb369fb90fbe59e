import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Page, PageRequest, SignatureV1 } from '@dspy-nest/contracts';
import type { RequestContext } from '@dspy-nest/platform';
import { ApiAnswer, ApiPageAnswer, ApiProblems } from '../docs/api-answers';
import { ApiIdempotencyKey, IDEMPOTENCY_PROBLEMS, KeyedCaller } from '../http/idempotency-key';
import { Caller } from '../http/request-context';
import { ListQuery } from '../input/list-query';
import { signatureName } from '../input/path-names';
import { CreateSignatureDto } from './create-signature.dto';
import {
  describeDefinition,
  jsonSchemasOf,
  type SignatureJsonSchemas,
  type SignatureValidation,
} from './signature-language';
import { SignaturesClient } from './signatures.client';
import { UpdateSignatureDto } from './update-signature.dto';
import { ValidateSignatureDto } from './validate-signature.dto';

@ApiTags('signatures')
@Controller('v1/signatures')
export class SignaturesController {
  constructor(private readonly signatures: SignaturesClient) {}

  @Post()
  @ApiIdempotencyKey()
  @ApiOperation({ summary: 'Create a signature' })
  @ApiAnswer(201, 'Signature', 'The signature in its version 1.')
  @ApiProblems('name_conflict', 'validation_failed', 'invalid_signature', ...IDEMPOTENCY_PROBLEMS)
  create(@KeyedCaller() ctx: RequestContext, @Body() body: CreateSignatureDto): Promise<SignatureV1> {
    return this.signatures.create(ctx, body);
  }

  @Post('validate')
  @HttpCode(200)
  @ApiOperation({ summary: 'Check a definition without storing it' })
  @ApiAnswer(200, 'SignatureValidation', 'Whether it is valid, and what is wrong where.')
  @ApiProblems('validation_failed')
  validate(@Body() { definition }: ValidateSignatureDto): SignatureValidation {
    return describeDefinition(definition);
  }

  @Get()
  @ApiOperation({ summary: 'List signatures' })
  @ApiPageAnswer('Signature', ['id', 'name', 'version', 'hash', 'createdAt'])
  list(@Caller() ctx: RequestContext, @ListQuery() page: PageRequest): Promise<Page<SignatureV1>> {
    return this.signatures.list(ctx, page);
  }

  @Get(':name')
  @ApiOperation({ summary: 'Read a signature in its newest version' })
  @ApiAnswer(200, 'Signature', 'The signature.')
  @ApiProblems('signature_not_found')
  get(@Caller() ctx: RequestContext, @Param('name', signatureName) name: string): Promise<SignatureV1> {
    return this.signatures.get(ctx, name);
  }

  @Get(':name/versions')
  @ApiOperation({ summary: 'List the versions of a signature' })
  @ApiPageAnswer('Signature', ['version', 'hash', 'createdAt'])
  @ApiProblems('signature_not_found')
  versions(
    @Caller() ctx: RequestContext,
    @Param('name', signatureName) name: string,
    @ListQuery() page: PageRequest,
  ): Promise<Page<SignatureV1>> {
    return this.signatures.versions(ctx, name, page);
  }

  @Get(':name/json-schema')
  @ApiOperation({ summary: 'Read the JSON Schemas of the inputs and outputs' })
  @ApiAnswer(200, 'SignatureJsonSchema', 'One schema each.')
  @ApiProblems('signature_not_found')
  async jsonSchema(
    @Caller() ctx: RequestContext,
    @Param('name', signatureName) name: string,
  ): Promise<SignatureJsonSchemas> {
    return jsonSchemasOf(await this.signatures.get(ctx, name));
  }

  @Patch(':name')
  @ApiOperation({ summary: 'Change a signature: makes a new version' })
  @ApiAnswer(200, 'Signature', 'The signature in its new version.')
  @ApiProblems('signature_not_found', 'version_conflict', 'validation_failed', 'invalid_signature')
  update(
    @Caller() ctx: RequestContext,
    @Param('name', signatureName) name: string,
    @Body() body: UpdateSignatureDto,
  ): Promise<SignatureV1> {
    return this.signatures.update(ctx, { ...body, name });
  }

  @Delete(':name')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete a signature' })
  @ApiResponse({ status: 204, description: 'It is gone.' })
  @ApiProblems('signature_not_found', 'in_use')
  delete(@Caller() ctx: RequestContext, @Param('name', signatureName) name: string): Promise<void> {
    return this.signatures.delete(ctx, name);
  }
}
