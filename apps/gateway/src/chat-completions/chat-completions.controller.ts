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
import { EventStream } from '../streams/event-stream';
import type { SseEvent } from '../streams/sse-body';
import { ChatCompletion, ChatCompletionChunk, toCompletion } from './chat-completion';
import { ChatCompletions } from './chat-completions.service';
import { type ChatRequest, readChatRequest } from './chat-request';
import { chatRequestSchema } from './chat-request-schema';

const REFUSED: ErrorCode[] = ['validation_failed', 'invalid_inputs', 'unsupported_option', ...IDEMPOTENCY_PROBLEMS];
const NOT_NOW: ErrorCode[] = ['overloaded', 'too_many_requests', 'no_worker'];
const NOT_SUCCEEDED: ErrorCode[] = ['cancelled', 'model_error', 'model_unavailable', 'output_invalid'];
/** Names the parameters of the request that had no effect. */
const IGNORED = 'dspy-nest-ignored';

@ApiTags('openai')
@Controller('openai/v1/chat/completions')
export class ChatCompletionsController {
  constructor(
    private readonly chats: ChatCompletions,
    private readonly streams: EventStream,
  ) {}

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
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { request, ignored } = readChatRequest(body);
    if (ignored.length > 0) reply.header(IGNORED, ignored.join(', '));
    if (request.stream === true) {
      await this.stream(ctx, request, reply);
      return;
    }
    const { execution, signature } = await this.chats.complete(ctx, request, raw.socket);
    reply.headers({
      [REQUEST_ID]: execution.traceId,
      'server-timing': serverTiming(execution.timing, reply.elapsedTime),
    });
    await reply.send(toCompletion(execution, signature, request));
  }

  private stream(ctx: RequestContext, request: ChatRequest, reply: FastifyReply): Promise<void> {
    let leave = (): void => undefined;
    const open = async (): Promise<AsyncIterator<SseEvent>> => {
      const pieces = await this.chats.stream(ctx, request, reply.request.raw.socket, (stop) => (leave = stop));
      reply.header(REQUEST_ID, ctx.traceId);
      return pieces;
    };
    return this.streams.answer(reply, open, () => leave(), false);
  }
}
