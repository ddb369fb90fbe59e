import type { ModelV1, ProgramVersionV1 } from '@dspy-nest/contracts';
import { REQUESTS, eventFilter } from '@dspy-nest/contracts';
import { EventBus, Nats, RequestClient } from '@dspy-nest/messaging';
import type { RequestContext } from '@dspy-nest/platform';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type InputsCheck, compileInputsCheck } from './inputs';
import { VersionedCache } from './versioned-cache';

/** A program version with what is made of it once. */
export interface RunnableProgram {
  readonly program: ProgramVersionV1;
  readonly checkInputs: InputsCheck;
}

const MAX_PROGRAMS = 5_000;
const MAX_MODELS = 1_000;
const DEFAULT_MODEL = 'default';

/** Programs and models of the registry, kept until the registry says that they changed. */
@Injectable()
export class ProgramsClient implements OnModuleInit {
  private readonly programs = new VersionedCache<RunnableProgram>(MAX_PROGRAMS);
  private readonly models = new VersionedCache<ModelV1>(MAX_MODELS);

  constructor(
    private readonly requests: RequestClient,
    private readonly events: EventBus,
    private readonly nats: Nats,
  ) {}

  onModuleInit(): void {
    this.events.subscribe(eventFilter('registry', 'program'), ({ tenant }) => this.programs.forget(`${tenant}/`));
    this.events.subscribe(eventFilter('registry', 'model'), ({ tenant }) => this.models.forget(`${tenant}/`));
    // Events sent while the connection was down were missed.
    this.nats.onReconnect(() => {
      this.programs.forget('');
      this.models.forget('');
    });
  }

  /** A version of a program, without `version` the published one. Rejects with the registry's error, e.g. `program_not_found`. */
  resolve(ctx: RequestContext, name: string, version?: number): Promise<RunnableProgram> {
    return this.programs.get(`${ctx.tenant}/${name}/${version ?? 'published'}`, async () => {
      const program = await this.requests.request<ProgramVersionV1>(ctx, REQUESTS.programResolve, { name, version });
      return { program, checkInputs: compileInputsCheck(program.signature, program.config.validation?.inputs) };
    });
  }

  /** A model by name; null means the tenant's default. Rejects with `model_not_found`. */
  model(ctx: RequestContext, name: string | null): Promise<ModelV1> {
    const wanted = name ?? DEFAULT_MODEL;
    return this.models.get(`${ctx.tenant}/${wanted}`, () =>
      this.requests.request<ModelV1>(ctx, REQUESTS.modelGet, { name: wanted }),
    );
  }
}
