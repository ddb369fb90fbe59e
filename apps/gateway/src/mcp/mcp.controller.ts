import { Body, Controller, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { SUPPORTED_PROTOCOL_VERSIONS } from '@modelcontextprotocol/sdk/types.js';
import type { JsonObject } from '@dspy-nest/contracts';
import type { RequestContext } from '@dspy-nest/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ApiProblemsBeside, BODY_PROBLEMS } from '../docs/api-answers';
import { openApiSchema } from '../docs/open-api-schema';
import { MalformedRequestError } from '../http/http.errors';
import { TakesImages } from '../http/image-bodies';
import { Caller } from '../http/request-context';
import { McpService } from './mcp.service';

const JsonRpcRequest = z
  .strictObject({
    jsonrpc: z.literal('2.0'),
    id: z.union([z.string(), z.int()]).optional().meta({ description: 'Absent in a notification.' }),
    method: z.string(),
    params: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ description: 'A message of JSON-RPC 2.0, as MCP has them.' });
const JsonRpcResponse = z.looseObject({
  jsonrpc: z.literal('2.0'),
  id: z.union([z.string(), z.int()]).nullable(),
  result: z.record(z.string(), z.unknown()).optional(),
  error: z.looseObject({ code: z.int(), message: z.string() }).optional(),
});
const CONTENT = { 'application/json': { schema: openApiSchema(JsonRpcResponse) } };
const EXAMPLE = {
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: { name: 'route-ticket', arguments: { ticket: 'My card was charged twice' } },
};

@ApiTags('mcp')
@Controller('mcp')
export class McpController {
  constructor(private readonly mcp: McpService) {}

  @Post()
  @TakesImages()
  @ApiOperation({
    summary: 'Send a message of MCP',
    description:
      'Streamable HTTP without sessions: `initialize`, `ping`, `tools/list` and `tools/call`. Each published program is a ' +
      'tool with input and output schema; an error of an execution is a result with `isError`. A call whose caller hangs up is cancelled.',
  })
  @ApiHeader({
    name: 'Accept',
    required: true,
    schema: { type: 'string', enum: ['application/json, text/event-stream'] },
  })
  @ApiHeader({
    name: 'MCP-Protocol-Version',
    required: false,
    schema: { type: 'string', enum: SUPPORTED_PROTOCOL_VERSIONS },
  })
  @ApiBody({ schema: { ...openApiSchema(JsonRpcRequest, 'input'), example: EXAMPLE } })
  @ApiResponse({ status: 200, description: 'The response to a request.', content: CONTENT })
  @ApiResponse({ status: 202, description: 'A notification was taken.' })
  @ApiResponse({ status: 406, description: '`Accept` does not list both content types.', content: CONTENT })
  @ApiProblemsBeside({ 400: CONTENT }, ...BODY_PROBLEMS)
  async post(
    @Caller() ctx: RequestContext,
    @Body() body: JsonObject | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (body === undefined) throw new MalformedRequestError('A message of JSON-RPC is required as the body.');
    const { socket } = request.raw;
    const response = await this.mcp.answer({ ctx, socket }, webRequest(request), body);
    const answer = Buffer.from(await response.arrayBuffer());
    await reply.code(response.status).headers(Object.fromEntries(response.headers)).send(answer);
  }
}

/** What the transport of the SDK reads of a request: the headers. Its body was parsed by the rules of all routes. */
function webRequest({ headers }: FastifyRequest): Request {
  const read = ['accept', 'content-type', 'mcp-protocol-version'].map((name) => [name, headers[name]] as const);
  const given = read.filter((entry): entry is readonly [string, string] => typeof entry[1] === 'string');
  return new Request('http://localhost/mcp', { method: 'POST', headers: Object.fromEntries(given) });
}
