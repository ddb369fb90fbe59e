import { Body, Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { ErrorCode, JsonObject } from '@dspy-nest/contracts';
import type { RequestContext } from '@dspy-nest/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BODY_PROBLEMS, eventStream } from '../docs/api-answers';
import { openApiSchema } from '../docs/open-api-schema';
import { serverTiming } from '../executions/server-timing';
import { ApiIdempotencyKey, IDEMPOTENCY_PROBLEMS, KeyedCaller } from '../http/idempotency-key';
import { ApiOpenAiAnswer, ApiOpenAiErrors } from '../openai-errors/api-openai';
import { REQUEST_ID } from '../openai-errors/openai-error';
import { ChatCompletion, ChatCompletionChunk, toChunks, toCompletion } from './chat-completion';
import { ChatCompletions } from './chat-completions.service';
import { readChatRequest } from './chat-request';
import { chatRequestSchema } from './chat-request-schema';

const REFUSED: ErrorCode[] = ['validation_failed', 'invalid_inputs', 'unsupported_option', ...IDEMPOTENCY_PROBLEMS];
const NOT_NOW: ErrorCode[] = ['overloaded', 'too_many_requests', 'no_worker'];
const NOT_SUCCEEDED: ErrorCode[] = ['cancelled', 'model_error', 'model_unavailable', 'output_invalid'];
/** Names the parameters of the request that had no effect. */
const IGNORED = 'dspy-nest-ignored';

@ApiTags('openai')
@Controller('openai/v1/chat/completions')
export class ChatCompletionsController {
  constructor(private readonly chats: ChatCompletions) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({
    summary: 'Execute a program as a chat',
    description:
      'The last message has the inputs, the answer the outputs, and `id` is the execution. How the model is asked is the ' +
      "program's business: parameters such as `temperature` have no effect and are named in the header " +
      '`dspy-nest-ignored`; what would change the answer and is not served here is refused.',
  })
  @ApiIdempotencyKey()
  @ApiBody({ schema: chatRequestSchema() })
  @ApiOpenAiAnswer(
    ChatCompletion,
    'The answer; with `stream` in pieces, and `[DONE]` at the end.',
    eventStream(openApiSchema(ChatCompletionChunk)),
  )
  @ApiOpenAiErrors('program_not_found', 'program_version_not_found', ...REFUSED, ...NOT_NOW, ...NOT_SUCCEEDED)
  @ApiOpenAiErrors(...BODY_PROBLEMS)
  async create(
    @KeyedCaller() ctx: RequestContext,
    @Body() body: JsonObject | undefined,
    @Req() { raw }: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ChatCompletion | Buffer> {
    const { request, ignored } = readChatRequest(body);
    const { execution, signature } = await this.chats.complete(ctx, request, raw.socket);
    reply.headers({
      [REQUEST_ID]: execution.traceId,
      'server-timing': serverTiming(execution.timing, reply.elapsedTime),
      ...(ignored.length > 0 && { [IGNORED]: ignored.join(', ') }),
    });
    if (request.stream !== true) return toCompletion(execution, signature, request);
    reply.header('cache-control', 'no-store').type('text/event-stream');
    const pieces = toChunks(execution, signature, request).map((chunk) => JSON.stringify(chunk));
    return Buffer.from([...pieces, '[DONE]'].map((data) => `data: ${data}\n\n`).join(''));
  }
}
