import { Controller, Get, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { refuseCrossSite } from '../access/host-guard';
import { ApiProblemsBeside, BODY_PROBLEMS } from '../docs/api-answers';
import { NotAcceptableError } from '../http/http.errors';
import { TakesImages } from '../http/image-bodies';
import { refuseMalformed } from './graphql-request';
import { GraphqlService } from './graphql.service';

const TEXT = { type: 'string' } as const;
const RESULT = {
  type: 'object',
  properties: { data: { type: ['object', 'null'] }, errors: { type: 'array', items: { type: 'object' } } },
};
const ANSWERS = ['application/json', 'application/graphql-response+json'];
const RESULT_CONTENT = Object.fromEntries(ANSWERS.map((type) => [type, { schema: RESULT }]));
const REQUEST = {
  type: 'object',
  required: ['query'],
  additionalProperties: false,
  properties: {
    query: { type: 'string' },
    operationName: { type: ['string', 'null'], minLength: 1 },
    variables: { type: ['object', 'null'] },
    extensions: { type: ['object', 'null'] },
  },
  example: { query: '{ programs(first: 10) { edges { node { name } } } }' },
};

const NOT_ACCEPTABLE = 406;

@ApiTags('graphql')
@Controller('graphql')
export class GraphqlController {
  constructor(private readonly graphql: GraphqlService) {}

  @Post()
  @TakesImages()
  @ApiOperation({
    summary: 'Run a GraphQL document',
    description: 'Queries and mutations; each registered program has typed ones.',
  })
  @ApiBody({ schema: REQUEST })
  @ApiResponse({ status: 200, description: 'The result.', content: RESULT_CONTENT })
  @ApiProblemsBeside({ 400: RESULT_CONTENT }, 'not_acceptable', ...BODY_PROBLEMS)
  post(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.answer(request, reply);
  }

  @Get()
  @ApiOperation({ summary: 'Run a GraphQL query', description: 'As by POST, without mutations.' })
  @ApiQuery({ name: 'query', schema: TEXT })
  @ApiQuery({ name: 'operationName', required: false, schema: TEXT })
  @ApiQuery({ name: 'variables', required: false, description: 'A JSON object.', schema: TEXT })
  @ApiResponse({ status: 200, description: 'The result.', content: RESULT_CONTENT })
  @ApiProblemsBeside({ 400: RESULT_CONTENT, 405: RESULT_CONTENT }, 'method_not_allowed', 'not_acceptable')
  get(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.answer(request, reply);
  }

  private async answer(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    refuseCrossSite(request.headers);
    refuseMalformed(request);
    const response = await this.graphql.handle(request, reply);
    if (response.status === NOT_ACCEPTABLE) throw new NotAcceptableError(request.headers.accept ?? '', ANSWERS);
    for (const [name, value] of response.headers) reply.header(name, value);
    await reply.code(response.status).send(await response.text());
  }
}
