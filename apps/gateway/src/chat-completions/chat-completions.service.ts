import type { Socket } from 'node:net';
import type { ExecutionV1 } from '@dspy-nest/contracts';
import type { RequestContext } from '@dspy-nest/platform';
import type { SignatureSpec } from '@dspy-nest/signature';
import { Injectable } from '@nestjs/common';
import { toExecutionCreate } from '../executions/execution-create';
import { ExecutionsClient } from '../executions/executions.client';
import { ExecutionNotSucceededError } from '../executions/executions.errors';
import { readModelName, versionedName } from '../openai-models/model-name';
import { OpenAiModels } from '../openai-models/openai-models.service';
import { StreamedRuns } from '../execution-events/streamed-runs';
import { beginWith } from '../streams/event-stream';
import type { SseEvent } from '../streams/sse-body';
import { contentOf, textAnswer } from './chat-completion';
import { ChatStream, chatPieces } from './chat-stream';
import { toInputs } from './chat-inputs';
import type { ChatRequest } from './chat-request';

/** An execution that succeeded, and the signature it ran on. */
export interface Completed {
  readonly execution: ExecutionV1;
  readonly signature: SignatureSpec;
}

/** Chats with programs: each request is an execution. */
@Injectable()
export class ChatCompletions {
  constructor(
    private readonly models: OpenAiModels,
    private readonly executions: ExecutionsClient,
    private readonly runs: StreamedRuns,
  ) {}

  /**
   * Executes what a request asks for, and gives its answer in pieces as they come. Rejects as long as there are none; `leaving`
   * is given what to call before the stream ends without its client having gone.
   */
  async stream(
    ctx: RequestContext,
    request: ChatRequest,
    socket: Socket,
    leaving: (stopWatching: () => void) => void,
  ): Promise<AsyncIterator<SseEvent>> {
    const program = await this.models.asked(ctx, readModelName(request.model));
    const { name, version, signature } = program;
    const inputs = toInputs(request.messages, program);
    const message = toExecutionCreate(name, { inputs, version, stream: true }, true);
    const { id, events } = await this.runs.begin(ctx, message, socket, leaving);
    const stream = new ChatStream({
      id,
      created: Math.floor(Date.now() / 1_000),
      model: versionedName(name, version),
      wantsUsage: request.stream_options?.include_usage === true,
      field: mayBeToldAsItComes(signature, request) ? textAnswer(signature, request) : undefined,
      contentOf: (outputs) => contentOf(outputs, signature, request),
    });
    const pieces = chatPieces(events, stream);
    // A refusal has a status, and so has what fails before there is text.
    const first = await pieces.next();
    return first.done === true ? pieces : beginWith(first.value, pieces);
  }

  /** Executes what a request asks for, for the client of a connection. Throws ExecutionNotSucceededError. */
  async complete(ctx: RequestContext, { model, messages }: ChatRequest, socket: Socket): Promise<Completed> {
    const name = readModelName(model);
    const program = await this.models.asked(ctx, name);
    const inputs = toInputs(messages, program);
    const message = toExecutionCreate(name.program, { inputs, ...withVersion(name.version) }, true);
    const execution = await this.executions.createAndWait(ctx, message, socket);
    if (execution.status !== 'succeeded') throw new ExecutionNotSucceededError(execution);
    const { version } = execution;
    // It may have been published anew since.
    const ran = version === program.version ? program : await this.models.asked(ctx, { ...name, version });
    return { execution, signature: ran.signature };
  }
}

function withVersion(version: number | undefined): { version?: number } {
  return version === undefined ? {} : { version };
}

/** Whether nothing is mended in the text: of a date, say, the model may write another form than the answer has. */
function mayBeToldAsItComes({ outputs }: SignatureSpec, asked: ChatRequest): boolean {
  const name = textAnswer({ outputs } as SignatureSpec, asked);
  return outputs.some((output) => output.name === name && output.type === 'string');
}
