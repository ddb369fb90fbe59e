import type { Socket } from 'node:net';
import type { ExecutionV1 } from '@dspy-nest/contracts';
import type { RequestContext } from '@dspy-nest/platform';
import type { SignatureSpec } from '@dspy-nest/signature';
import { Injectable } from '@nestjs/common';
import { toExecutionCreate } from '../executions/execution-create';
import { ExecutionsClient } from '../executions/executions.client';
import { ExecutionNotSucceededError } from '../executions/executions.errors';
import { readModelName } from '../openai-models/model-name';
import { OpenAiModels } from '../openai-models/openai-models.service';
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
  ) {}

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
