import type { Socket } from 'node:net';
import type { JsonObject } from '@dspy-nest/contracts';
import { AppError, type Logger, type RequestContext } from '@dspy-nest/platform';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';
import {
  CallToolRequestSchema,
  ErrorCode,
  ListToolsRequestSchema,
  McpError,
  type CallToolResult,
} from '@modelcontextprotocol/sdk/types.js';
import { AjvJsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/ajv';
import { Inject, Injectable } from '@nestjs/common';
import { toExecutionCreate } from '../executions/execution-create';
import { ExecutionsClient } from '../executions/executions.client';
import { ExecutionNotSucceededError } from '../executions/executions.errors';
import { programName } from '../input/path-names';
import { LOGGER } from '../logger.token';
import { ToolPages } from './tool-pages';
import { toolError, toolResult } from './tool-result';

const SERVER = { name: 'dspy-nest', title: 'DSPy-Nest', version: '1' };
const OPTIONS = {
  capabilities: { tools: {} },
  instructions: 'Each tool is a program of this platform, with typed arguments and a typed result.',
  // Each server would make one of its own.
  jsonSchemaValidator: new AjvJsonSchemaValidator(),
};
const UNKNOWN_TOOL: ReadonlySet<string> = new Set(['program_not_found', 'program_version_not_found']);

/** Who asks, for the client of which connection. */
export interface McpCaller {
  readonly ctx: RequestContext;
  readonly socket: Socket;
}

/** The programs as an MCP server without sessions: each message is read by a server of its own, so that any replica can take it. */
@Injectable()
export class McpService {
  constructor(
    private readonly tools: ToolPages,
    private readonly executions: ExecutionsClient,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Answers a message that came by HTTP. */
  async answer(caller: McpCaller, request: Request, parsedBody: JsonObject): Promise<Response> {
    const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true });
    const server = this.serverFor(caller);
    await server.connect(transport);
    try {
      return await transport.handleRequest(request, { parsedBody });
    } finally {
      await server.close();
    }
  }

  private serverFor(caller: McpCaller): Server {
    // The class above it takes tools once, by zod; these come and go, with schemas of their own.
    // oxlint-disable-next-line typescript/no-deprecated
    const server = new Server(SERVER, OPTIONS);
    server.setRequestHandler(ListToolsRequestSchema, ({ params }) =>
      this.tools.page(caller.ctx.tenant, params?.cursor),
    );
    server.setRequestHandler(CallToolRequestSchema, ({ params }) => this.call(caller, params.name, params.arguments));
    return server;
  }

  private async call(
    { ctx, socket }: McpCaller,
    name: string,
    inputs: Record<string, unknown> = {},
  ): Promise<CallToolResult> {
    try {
      const message = toExecutionCreate(programName.transform(name), { inputs }, true);
      const execution = await this.executions.createAndWait(ctx, message, socket);
      if (execution.status === 'succeeded') return toolResult(execution);
      return toolError(new ExecutionNotSucceededError(execution), execution.id);
    } catch (error) {
      return this.refusal(ctx, error);
    }
  }

  private refusal({ traceId }: RequestContext, error: unknown): CallToolResult {
    if (!(error instanceof AppError)) this.logger.error({ err: error, traceId }, 'A tool call failed unexpectedly.');
    else if (UNKNOWN_TOOL.has(error.code)) throw new McpError(ErrorCode.InvalidParams, error.message);
    return toolError(error);
  }
}
