import {
  type ErrorItem,
  type ModelConnectionV1,
  nativeRefusals,
  type ProgramVersionV1,
  REQUESTS,
} from '@dspy-nest/contracts';
import { RequestClient, TokenLog, type ToldTokens } from '@dspy-nest/messaging';
import type { RequestContext } from '@dspy-nest/platform';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { CONFIG, type ExecutionConfig } from '../../execution.config';
import type { ExecutionEntity } from '../../executions/execution.entity';
import { ProgramsClient } from '../../programs/programs.client';
import { VersionedCache } from '../../programs/versioned-cache';
import type { AskedModels, ExecutionAdapter, LocalRun } from '../execution-adapter';
import type { RunResult } from '../local-runs/run-result';
import { type PreparedProgram, prepareProgram } from './chat-request';
import { ModelHttp } from './http-post';
import { chatEndpoint, type ModelEndpoint } from './model-endpoint';
import { nativeProgram } from './native-program';
import { runProgram } from './run-program';
import { Teller } from './streaming/teller';

const PREPARED_MAX = 5_000;
const MODELS_MAX = 1_000;

interface Connection {
  readonly model: ModelConnectionV1;
  readonly endpoint: ModelEndpoint;
}

/** Runs Predict and ChainOfThought in this process. */
@Injectable()
export class NativeAdapter implements ExecutionAdapter, OnModuleDestroy {
  readonly name = 'native';
  readonly format = 'json';
  private readonly programs = new VersionedCache<PreparedProgram>(PREPARED_MAX);
  private readonly connections = new VersionedCache<Connection>(MODELS_MAX);
  private readonly http: ModelHttp;

  constructor(
    private readonly catalogue: ProgramsClient,
    private readonly requests: RequestClient,
    private readonly tokens: TokenLog,
    @Inject(CONFIG) config: ExecutionConfig,
  ) {
    this.http = new ModelHttp(config.DSPY_NEST_MODEL_NETWORKS);
  }

  onModuleDestroy(): void {
    this.http.close();
  }

  async models(ctx: RequestContext, { model }: ProgramVersionV1): Promise<AskedModels> {
    return { model: await this.catalogue.model(ctx, model), ensemble: null };
  }

  refusals(program: Pick<ProgramVersionV1, 'signature' | 'module' | 'format'>): ErrorItem[] {
    return nativeRefusals(program);
  }

  async run({ row, ctx, signal, deadlineAt }: LocalRun): Promise<RunResult> {
    const [program, { model, endpoint }] = await Promise.all([this.program(ctx, row), this.connection(ctx, row)]);
    const { tenant, id, inputs, limits, maxRetries, epoch: attempt } = row;
    const told = row.stream ? this.tokens.told({ tenant, id, attempt }) : undefined;
    const { traceparent } = ctx;
    const result = await runProgram(this.http, {
      program,
      model,
      endpoint,
      inputs,
      limits,
      maxRetries,
      attempt,
      traceparent,
      deadlineAt,
      signal,
      ...(told && { teller: new Teller(program.streamed, attempt, (events) => told.tell(events)) }),
    });
    return told === undefined ? result : withLastSequence(result, told);
  }

  private program(ctx: RequestContext, { programId, version, programHash }: ExecutionEntity): Promise<PreparedProgram> {
    // How answers are checked is not in the hash.
    return this.programs.get(`${programHash}/${programId}/${version}`, async () =>
      prepareProgram(nativeProgram((await this.catalogue.resolve(ctx, programId, version)).program)),
    );
  }

  private connection(ctx: RequestContext, { tenant, modelId, modelVersion }: ExecutionEntity): Promise<Connection> {
    return this.connections.get(`${tenant}/${modelId}/${modelVersion}`, async () => {
      const asked = { modelId, version: modelVersion };
      const model = await this.requests.request<ModelConnectionV1>(ctx, REQUESTS.modelConnect, asked);
      return { model, endpoint: chatEndpoint(model) };
    });
  }
}

/** Ends what is told of a run. Of one that was stopped the platform says itself after which event it ended. */
async function withLastSequence(result: RunResult, told: ToldTokens): Promise<RunResult> {
  if (result.status === 'cancelled' || result.status === 'timed_out') {
    told.abandon();
    return result;
  }
  const lastSequence = await told.end();
  return lastSequence === undefined ? result : { ...result, lastSequence };
}
