import { Controller, Get, Headers, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { RequestContext } from '@dspy-nest/platform';
import type { FastifyReply } from 'fastify';
import { ApiProblems } from '../docs/api-answers';
import { ApiNotModified, ETAG_HEADER } from '../docs/api-resources';
import { isKnownToCaller } from '../http/entity-tag';
import { Caller } from '../http/request-context';
import { OpenApiService } from './openapi.service';

@ApiTags('operations')
@Controller('openapi.json')
export class OpenApiController {
  constructor(private readonly openApi: OpenApiService) {}

  @Get()
  @ApiOperation({
    summary: 'This description',
    description: 'With an operation for each program as it is registered now.',
  })
  @ApiNotModified()
  @ApiResponse({
    status: 200,
    description: 'OpenAPI 3.1.',
    headers: ETAG_HEADER,
    content: { 'application/json': { schema: { type: 'object' } } },
  })
  @ApiProblems()
  async read(
    @Caller() { tenant }: RequestContext,
    @Headers('if-none-match') ifNoneMatch: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { body, tag } = this.openApi.of(tenant);
    const etag = `"${tag}"`;
    reply.headers({ etag, 'cache-control': 'no-cache' });
    if (isKnownToCaller(ifNoneMatch, etag)) await reply.code(304).send();
    else await reply.type('application/json').send(body);
  }
}
